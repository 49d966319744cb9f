"""What the checks of installing share: the small projects of tests/consumers, built and run in one way or another."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PARTS_OF_SOURCE = ["CMakeLists.txt", "include", "src", "port"]


def say(what):
    print(what, flush=True)


def run(*command, **options):
    """What the command prints; the check ends if it fails."""
    command = [str(word) for word in command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def fails(expected, *command):
    """The command has to fail and to say what was expected."""
    command = [str(word) for word in command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = " ".join((done.stdout + done.stderr).split())
    if done.returncode == 0 or expected not in said:
        sys.exit(f"{' '.join(command)} should fail with \"{expected}\":\n{said[-3000:]}")


def version():
    text = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"project\(tinyaws VERSION (\S+)", text).group(1)


def program_of_readme(language="cpp", number=0):
    return re.findall(rf"```{language}\n(.*?)```", (SOURCE / "README.md").read_text(encoding="utf-8"), re.DOTALL)[number]


def snapshot(to):
    """What somebody else needs of the sources, in a directory of its own."""
    for part in PARTS_OF_SOURCE:
        if (SOURCE / part).is_dir():
            shutil.copytree(SOURCE / part, to / part)
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / part, to / part)


def repository(at):
    """A Git repository of the sources, with a tag of the version."""
    snapshot(at)
    who = ["-c", "user.name=check", "-c", "user.email=check@localhost", "-c", "commit.gpgsign=false"]
    run("git", "-C", at, "init", "-q")
    run("git", "-C", at, "add", "-A")
    run("git", "-C", at, *who, "commit", "-q", "-m", "snapshot")
    run("git", "-C", at, "tag", f"v{version()}")
    return f"file://{at}"


def find_tree(place, kind):
    """The directory of KIND (pkgconfig, cmake/tinyaws) below PLACE, wherever its LIBDIR is."""
    found = [path for path in place.rglob(kind) if path.is_dir()]
    if len(found) != 1:
        sys.exit(f"{kind} is {len(found)} times in {place}")
    return found[0]


class Consumer:
    """Builds the projects of tests/consumers below SCRATCH, by one toolchain."""

    def __init__(self, scratch, toolchain=None, triple="", emulator=(), debug=False):
        self.scratch, self.toolchain, self.triple = scratch, toolchain, triple
        self.emulator, self.debug = list(emulator), debug

    def project(self, way, name=None):
        place = self.scratch / (name or way)
        shutil.copytree(SOURCE / "tests/consumers" / way, place)
        (place / "program.cpp").write_text(program_of_readme(), encoding="utf-8")
        (place / "async_program.cpp").write_text(program_of_readme(number=1), encoding="utf-8")
        (place / "program.c").write_text(program_of_readme("c"), encoding="utf-8")
        return place

    def configure(self, project, *options):
        toolchain = [f"-DCMAKE_TOOLCHAIN_FILE={self.toolchain}"] if self.toolchain else []
        run("cmake", "-S", project, "-B", project / "build", *toolchain, *options)

    def programs(self):
        return ["program"] if self.debug else ["program", "bare_program"]

    def build(self, project, *options, programs=()):
        """By CMake; then runs what was built."""
        self.configure(project, *options)
        programs = programs or self.programs()
        run("cmake", "--build", project / "build", "--parallel", os.cpu_count(), "--target", *programs)
        self.run_programs(project / "build", programs)

    def find_package(self, tree, name="find_package"):
        project = self.project("find_package", name)
        self.build(project, f"-DCMAKE_PREFIX_PATH={tree}")
        run("cmake", "--build", project / "build", "--target", "async_program")
        say(f"find_package: {name}, ran")

    def find_package_c(self, tree):
        """A project that has no compiler but the one for C."""
        self.build(self.project("find_package_c"), f"-DCMAKE_PREFIX_PATH={tree}", programs=["program"])
        say("find_package in C: ran")

    def pkg_config(self, tree, shared=False, name="pkg_config"):
        project = self.project("pkg_config", name)
        environment = dict(os.environ, PKG_CONFIG_LIBDIR=str(find_tree(tree, "pkgconfig")))
        said = run("pkg-config", "--modversion", "tinyaws", env=environment).strip()
        if said != version():
            sys.exit(f"tinyaws.pc is of version {said}, and the library of {version()}")
        static = [] if shared else ["--static"]
        run("make", "-C", project, f"CC={self.triple}gcc", f"CXX={self.triple}g++",
            "PKG_CONFIG=" + " ".join(["pkg-config", *static]),
            *self.programs(), env=environment)
        self.run_programs(project, self.programs(), tree if shared else None)
        say(f"pkg-config {' '.join(static)}: {name}, ran")

    def run_programs(self, place, programs, shared_tree=None):
        environment = {"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}
        if shared_tree:
            environment["LD_LIBRARY_PATH"] = str(find_tree(shared_tree, "pkgconfig").parent)
        for name in programs:
            done = subprocess.run([*self.emulator, place / name], capture_output=True, text=True, check=False,
                                  env=environment)
            if done.returncode != 1 or "no credentials" not in done.stdout or "(null)" in done.stdout:
                sys.exit(f"{place / name}, without credentials: exit {done.returncode}, {done.stdout}{done.stderr}")
        for name in programs:
            if name != "program" and "libstdc++" in self.needed(place / name):
                sys.exit(f"{place / name} needs libstdc++")

    def needed(self, program):
        """The shared libraries that the program names."""
        return run(f"{self.triple}readelf", "-d", program)
