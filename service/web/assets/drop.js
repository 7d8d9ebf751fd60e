/** Files and folders that are dropped on the page. */

const AWAY_MS = 500; // browsers tell more often than this that something is held over the page

/**
 * Make a page take files that are dropped on it, wherever.
 *
 * @param {Element} veil is shown while files are held over the page.
 * @param {(files: {file: File, name: string}[]) => void} take is called with the files; the name of one in a folder
 *   begins with that of the folder, so that no two are the same.
 */
export function offerDrop(veil, take) {
  let timer = 0;
  const hide = () => {
    veil.hidden = true;
  };
  const over = (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    veil.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(hide, AWAY_MS);
  };
  addEventListener("dragenter", over);
  addEventListener("dragover", over);
  addEventListener("drop", async (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    hide();
    take(await dropped(event.dataTransfer));
  });
}

async function dropped({ items }) {
  const files = [...items].filter((item) => item.kind === "file");
  const found = files.map((item) => {
    const entry = item.webkitGetAsEntry(); // while the event lasts; afterwards the items are empty
    return entry?.isDirectory ? filesIn(entry) : [named(item.getAsFile())];
  });
  return (await Promise.all(found)).flat();
}

/** Return the files of a folder and of those in it, but for hidden ones. */
async function filesIn(folder) {
  const reader = folder.createReader();
  const inside = [];
  for (let more; (more = await new Promise((...ends) => reader.readEntries(...ends))).length; ) inside.push(...more);
  const seen = inside.filter((entry) => !entry.name.startsWith("."));
  const files = seen.map((entry) => {
    if (entry.isDirectory) return filesIn(entry);
    return new Promise((...ends) => entry.file(...ends)).then((file) => named(file, entry.fullPath.slice(1)));
  });
  return (await Promise.all(files)).flat();
}

function named(file, name = file.name) {
  return { file, name };
}
