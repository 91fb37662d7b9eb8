"""A real Postgres of the tests' own, as a process; it refuses root, and so runs as `postgres` or nobody."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

from onrecord.warehouse.lake.catalog import Lake
from onrecord.warehouse.lake.session import Session


def tool(name: str) -> str:
    """A program of Postgres, where Debian keeps it too."""
    found = shutil.which(name) or next(
        iter(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True))),
        None,
    )
    assert found, f"{name}: install Postgres (on Debian and Ubuntu: apt install postgresql)"
    return found


class Postgres:
    """One server, on a port of 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, _free_port()
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            user = _somebody()
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as = [
                "setpriv",
                f"--reuid={user.pw_uid}",
                f"--regid={user.pw_gid}",
                "--clear-groups",
            ]
        else:
            self._as = []
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "lake")
        rules = folder / "data" / "pg_hba.conf"
        # One database asks for a password, which nobody has.
        asks = "host guarded all 127.0.0.1/32 scram-sha-256\n"
        rules.write_text(asks + rules.read_text())

    def start(self) -> None:
        """Start it, and wait until it answers; again where what was killed is not gone yet."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        for left in range(9, -1, -1):
            try:
                self._run(
                    "pg_ctl",
                    "-D",
                    self._data,
                    "-w",
                    "-o",
                    options,
                    "-l",
                    f"{self._folder}/log",
                    "start",
                )
                return
            except subprocess.CalledProcessError:
                if not left:
                    raise
                time.sleep(1)

    def stop(self, mode: str = "immediate") -> None:
        """End it as a machine that goes down does."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def url(self, database: str) -> str:
        """Where a database is."""
        return f"postgres://lake@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """Make a database; where it is."""
        session = Session(Lake(self.url("postgres"), ""))
        session.ask(f"CREATE DATABASE {database}")
        session.close()
        return self.url(database)

    def create_for(self, user: str, database: str) -> str:
        """Where that database is for somebody who may read in it, and no more."""
        session = Session(Lake(self.url(database), ""))
        for sql in (
            f"CREATE ROLE {user} LOGIN",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}",
        ):
            session.ask(sql)
        session.close()
        return self.url(database).replace("lake@", f"{user}@")

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, tool(name), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            timeout=120,
        )


def _somebody() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("no user to run Postgres as")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
