"""`--store`: a folder is a data folder, an address a database; what is neither, or not there, is told in a line."""

import json
import socket
import sys
from pathlib import Path

import pytest

from service.home import home_of, password_of
from service.settings import read_settings
from tests.command_fixtures import Command
from tests.service_fixtures import make_index

NOWHERE = "oceanbase://root@127.0.0.1:{}/harbour"


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, tmp_path / "unused")


@pytest.fixture
def nowhere() -> str:
    """The address of a database at a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return NOWHERE.format(probe.getsockname()[1])


COMMANDS = {
    "ask": ["ask", "How many keepers?"],
    "list": ["documents", "list"],
    "show": ["documents", "show", "d_none"],
    "delete": ["documents", "delete", "d_none"],
    "verify": ["verify"],
    "status": ["status"],
    "rebuild": ["index", "--rebuild"],
    "serve": ["serve"],
    "mcp": ["mcp"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_is_not_there(wherefrom: Command, nowhere: str, command: str) -> None:
    done = wherefrom(*COMMANDS[command], "--store", nowhere).failed(1, f"{nowhere} does not answer")
    assert "is it running" in done.err
    assert not wherefrom.data_dir.exists()


def test_the_doctor_tells_of_a_database_that_is_not_there(wherefrom: Command, nowhere: str) -> None:
    done = wherefrom("doctor", "--store", nowhere, "--json")
    (check,) = [each for each in json.loads(done.out)["checks"] if each["name"] == "store"]
    assert (done.code, check["status"]) == (1, "failed")
    assert f"{nowhere} does not answer" in check["message"]
    assert not {"data_dir", "disk", "index", "format"} & {each["name"] for each in json.loads(done.out)["checks"]}


def test_a_folder_is_a_data_folder(wherefrom: Command, tmp_path: Path) -> None:
    folder = make_index(tmp_path)
    done = json.loads(wherefrom("status", "--store", folder, "--json").succeeded().out)
    assert (done["data_dir"], done["documents"]) == (str(folder), 3)
    assert not wherefrom.data_dir.exists()
    assert str(folder) in wherefrom("doctor", "--store", folder, "--port", 0, "--json").out
    wherefrom("backup", tmp_path / "copy.tar", "--store", folder).succeeded()


def test_a_flag_comes_before_the_variable_of_the_other_name(wherefrom: Command, tmp_path: Path, nowhere: str) -> None:
    folder = make_index(tmp_path)
    wherefrom.monkeypatch.setenv("WHEREFROM_STORE", nowhere)
    assert json.loads(wherefrom("status", "--data-dir", folder, "--json").succeeded().out)["documents"] == 3
    wherefrom("status", "--data-dir", folder, "--store", nowhere).failed(2, "give one of them")
    wherefrom("status").failed(1, "does not answer")


@pytest.mark.parametrize(
    "command", [["backup", "copy.tar"], ["restore", "copy.tar"], ["index", "--upgrade"]], ids=lambda each: each[0]
)
def test_what_is_for_folders_says_what_to_do_instead(wherefrom: Command, nowhere: str, command: list[str]) -> None:
    done = wherefrom(*command, "--store", nowhere).failed(2, f"{nowhere} is a database")
    assert "wherefrom copy" in done.err or "--rebuild" in done.err


@pytest.mark.parametrize(
    "store",
    [
        "mysql://root@127.0.0.1/harbour",
        "oceanbase://127.0.0.1/harbour",
        "oceanbase://root@127.0.0.1",
        "oceanbase:/root@127.0.0.1/harbour",
        "oceanbase:root@127.0.0.1/harbour",
    ],
)
def test_what_is_no_address(wherefrom: Command, store: str) -> None:
    wherefrom("status", "--store", store).failed(2, f"{store!r} is no address of a database; write oceanbase://USER@")


def test_a_password_in_an_address_is_refused_and_not_shown(wherefrom: Command) -> None:
    for command in ("status", "doctor"):
        done = wherefrom(command, "--store", "oceanbase://root:osprey@127.0.0.1/harbour")
        assert done.code
        assert "osprey" not in done.out + done.err
        assert "WHEREFROM_STORE_PASSWORD_FILE" in " ".join((done.out + done.err).split())
    for misspelt in ("oceanbase:", "oceanbase:/", "http://"):
        done = wherefrom("status", "--store", f"{misspelt}root:osprey@127.0.0.1/harbour")
        assert done.code and "osprey" not in done.out + done.err


@pytest.mark.parametrize("missing", ["pymysql", "sqlalchemy"])
def test_without_the_extra_it_says_how_to_install_it(wherefrom: Command, nowhere: str, missing: str) -> None:
    for name in [each for each in sys.modules if each.split(".")[0] == missing]:
        wherefrom.monkeypatch.delitem(sys.modules, name)
    wherefrom.monkeypatch.setitem(sys.modules, missing, None)
    wherefrom("status", "--store", nowhere).failed(2, "run: pip install 'wherefrom[oceanbase]'")


def test_the_password_is_told_by_a_variable_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    file.write_text("osprey\n")
    assert password_of(read_settings()) == ""
    monkeypatch.setenv("WHEREFROM_STORE_PASSWORD_FILE", str(file))
    assert password_of(read_settings()) == "osprey"
    monkeypatch.setenv("WHEREFROM_STORE_PASSWORD", "heron")
    with pytest.raises(Exception, match="both set; unset one"):
        password_of(read_settings())
    monkeypatch.delenv("WHEREFROM_STORE_PASSWORD_FILE")
    settings = read_settings(store="oceanbase://root@127.0.0.1/harbour")
    assert password_of(settings) == "heron"
    assert "heron" not in f"{settings!r}{home_of(settings)}"


@pytest.mark.parametrize(("name", "told"), [("none", "No such file"), ("folder", "Is a directory"), ("odd", "UTF-8")])
def test_a_password_file_that_cannot_be_read(wherefrom: Command, tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "odd").write_bytes(b"\xff\xfe")
    wherefrom.monkeypatch.setenv("WHEREFROM_STORE_PASSWORD_FILE", str(tmp_path / name))
    done = wherefrom("status", "--store", "oceanbase://root@127.0.0.1/harbour").failed(2, told)
    assert "WHEREFROM_STORE_PASSWORD_FILE" in done.err
