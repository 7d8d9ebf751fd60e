/* A disk that is full or broken, for one process: calls that change files below a folder fail when they are told to.

   Loaded before libc with LD_PRELOAD. FAULTS_FOLDER is the folder; FAULTS_CONTROL a file of sizeof(struct control)
   bytes, shared with whoever tells: the calls are counted in it, and those from `from` up to `until` fail with
   `error`. Built with: cc -shared -fPIC -o faults.so faults.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
    long seen;  /* calls since it was set to 0 */
    long from;  /* the first that fails */
    long until; /* the first after it that does not */
    long error; /* errno of those that fail */
    long hits;  /* how many failed */
    char last[104]; /* what failed last, as `call file` */
};

static struct control *control;
static char folder[PATH_MAX];

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAULTS_CONTROL"), *below = getenv("FAULTS_FOLDER");
    int file = path && below ? open(path, O_RDWR) : -1;
    if (file < 0 || !realpath(below, folder))
        return;
    void *shared = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    control = shared == MAP_FAILED ? NULL : shared;
    close(file);
}

static int fails(const char *call, const char *path)
{
    size_t length = strlen(folder);
    if (!control || strncmp(path, folder, length) || (path[length] && path[length] != '/'))
        return 0;
    long number = __atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST);
    if (number < control->from || number >= control->until)
        return 0;
    __atomic_add_fetch(&control->hits, 1, __ATOMIC_SEQ_CST);
    snprintf(control->last, sizeof control->last, "%s %s", call, path + length);
    errno = (int)control->error;
    return 1;
}

static int fails_at(const char *call, int file)
{
    char link[32], path[PATH_MAX];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0)
        return 0;
    path[length] = 0;
    return fails(call, path);
}

static int fails_by_name(const char *call, const char *name)
{
    char path[PATH_MAX];
    if (name[0] != '/')
        return 0; /* the service is given an absolute folder */
    snprintf(path, sizeof path, "%s", name);
    return fails(call, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define AT_FILE(type, name, parameters, arguments) \
    type name parameters \
    { \
        static __typeof__(&name) real; \
        if (!real) \
            real = REAL(name); \
        return fails_at(#name, file) ? -1 : real arguments; \
    }

AT_FILE(ssize_t, write, (int file, const void *data, size_t size), (file, data, size))
AT_FILE(ssize_t, pwrite, (int file, const void *data, size_t size, off_t at), (file, data, size, at))
AT_FILE(ssize_t, pwrite64, (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
AT_FILE(ssize_t, writev, (int file, const struct iovec *data, int count), (file, data, count))
AT_FILE(ssize_t, pwritev, (int file, const struct iovec *data, int count, off_t at), (file, data, count, at))
AT_FILE(ssize_t, pwritev64, (int file, const struct iovec *data, int count, off64_t at), (file, data, count, at))
AT_FILE(int, fsync, (int file), (file))
AT_FILE(int, fdatasync, (int file), (file))
AT_FILE(int, ftruncate, (int file, off_t size), (file, size))
AT_FILE(int, ftruncate64, (int file, off64_t size), (file, size))

int rename(const char *from, const char *to)
{
    return fails_by_name("rename", to) ? -1 : REAL(rename)(from, to);
}

int mkdir(const char *path, mode_t mode)
{
    return fails_by_name("mkdir", path) ? -1 : REAL(mkdir)(path, mode);
}
