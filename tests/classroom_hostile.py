"""The hostile part of the corpus: each gets its honest points, or none with a reason, and touches nothing else."""

import io
import pickle
import zipfile

from classroom_corpus import FULL, NONE, SECRET, as_bytes, as_zip, before, case, without

EVIL_FOLD = "def fold(*a, **b):\n    {}\n"


def hostile(points=None, says="", **more):
    return case(FULL if points is None else points, says, hostile=True, **more)


def evil(corpus, statement):
    """All right but for `fold`, whose body is a statement."""
    return corpus.perfect(fold=EVIL_FOLD.format(statement.replace("\n", "\n    ")))


@hostile(without("fold"), "stopped")
def fork_bomb(corpus):
    return evil(corpus, "import os\nwhile True:\n    os.fork()")


@hostile(without("fold"), "stopped")
def processes_that_leave_the_group(corpus):
    lines = "import os, time\nfor i in range(400):\n    if os.fork() == 0:\n        os.setsid()\n"
    return evil(corpus, lines + "        time.sleep(600)")


@hostile(without("fold"))
def thread_bomb(corpus):
    return evil(
        corpus,
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,)).start()",
    )


@hostile(without("fold"), "MemoryError")
def allocates_50_gigabytes(corpus):
    return evil(corpus, "return np.ones(50_000_000_000 // 8)")


@hostile(without("fold"))
def takes_memory_bit_by_bit(corpus):
    return evil(corpus, "held = []\nwhile True:\n    held.append(bytearray(50_000_000))")


@hostile(without("fold"))
def removes_everything(corpus):
    lines = "import os, shutil\nos.system('rm -rf --no-preserve-root / 2>/dev/null')\n"
    return evil(corpus, lines + "shutil.rmtree('/', ignore_errors=True)\nreturn 1")


@hostile(without("fold"))
def removes_everything_in_a_magic(corpus):
    return before(corpus.perfect(fold=None), "fold", "!rm -rf --no-preserve-root / ~ /tmp/* 2>/dev/null")


@hostile(without("fold"), "nothing found")
def reads_the_answer_key(corpus):
    lines = "import glob, os\nfound = []\nfor top in ('/', os.path.expanduser('~'), '/tmp'):\n"
    lines += "    for folder, folders, names in os.walk(top):\n"
    lines += "        folders[:] = [f for f in folders if f not in ('proc', 'sys', 'site-packages', 'usr', 'dev')]\n"
    lines += "        for name in names:\n            if name.endswith(('.ipynb', '.json', '.csv')):\n"
    lines += "                try:\n                    text = open(os.path.join(folder, name)).read()\n"
    lines += f"                except OSError:\n                    continue\n                if '{SECRET}' in text or 'HIDDEN' in text:\n"
    lines += "                    found.append(os.path.join(folder, name))\n"
    return evil(corpus, lines + "raise ValueError('FO' + 'UND' if found else 'nothing found')")


@hostile(without("fold"), "nothing found")
def reads_the_answers_in_memory(corpus):
    lines = "import gc, inspect\nneedle = ' '.join(('3x3', 'kernel,', 'five', 'filters'))\nseen = []\n"
    lines += "for one in gc.get_objects():\n    if type(one) is dict:\n        seen += [v for v in list(one.values()) if type(v) is str and v == needle]\n"
    lines += "for frame in inspect.stack():\n    seen += [v for k, v in frame[0].f_locals.items() if k != 'needle' and type(v) is str and needle in v]\n"
    return evil(corpus, lines + "raise ValueError('FO' + 'UND' if seen else 'nothing found')")


@hostile(without("fold"), "unreachable")
def opens_a_socket(corpus):
    return evil(corpus, "import socket\nsocket.create_connection(('1.1.1.1', 80), 2)")


@hostile(without("fold"), "unreachable")
def asks_a_server_on_this_machine(corpus):
    return evil(corpus, "import socket\nsocket.create_connection(('127.0.0.1', 22), 2)")


@hostile(without("fold"), "prints more than")
def prints_a_gigabyte(corpus):
    return evil(corpus, "for i in range(1000):\n    print('x' * 1_000_000)")


@hostile(without("fold"), "ended by itself")
def leaves_with_os_exit(corpus):
    return evil(corpus, "import os\nos._exit(0)")


@hostile(without("blob"), "ended by itself")
def leaves_in_a_cell(corpus):
    return corpus.perfect(blob="import os\nos._exit(0)\ndef blob(photo): pass")


@hostile(without("fold"), "crashed")
def crashes(corpus):
    return evil(corpus, "import ctypes\nctypes.string_at(0)")


@hostile(without("fold"))
def kills_everybody(corpus):
    return evil(corpus, "import os, signal\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)\nreturn 1")


@hostile(without("fold"))
def sleeps_and_ignores_signals(corpus):
    lines = (
        "import signal, time\nfor n in range(1, 32):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n"
    )
    return evil(corpus, lines + "    except (OSError, ValueError):\n        pass\ntime.sleep(3600)")


@hostile(without("fold"))
def monkeypatches_the_checker(corpus):
    lines = "from labs.classroom import artefact, expect\n"
    for name in ("expect.equal", "expect.close", "expect.shape", "expect.true", "artefact.examine"):
        lines += f"{name} = lambda *a, **b: None\n"
    lines += "np.abs = np.isnan = lambda *a: np.zeros(())\n"
    notebook = before(corpus.perfect(fold="def fold(*a, **b): return None"), "test_fold", lines)
    return before(
        notebook, "channels_first", "np.abs, np.isnan = np.absolute, np.frompyfunc(lambda x: x != x, 1, 1)"
    )


@hostile(NONE)
def monkeypatches_the_server(corpus):
    lines = "from labs.classroom import student\nstudent.Student.answer = lambda *a: ({'value': {'plain': True}}, {})\n"
    wrong = {name: None for name in ("block_parameters", "fold", "blob", "channels_first", "difference")}
    notebook = corpus.perfect(**wrong)
    for name in wrong:
        notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != name]
    stubs = "\n".join(f"def {name}(*a, **b): return True" for name in wrong)
    return before(notebook, "test_block_parameters", lines + stubs)


@hostile(without("fold"))
def an_object_that_equals_everything(corpus):
    lines = "class Yes(np.ndarray):\n    __eq__ = __le__ = __ge__ = lambda *a: True\n    def __sub__(self, o): return 0\n"
    return evil(corpus, lines + "return np.zeros((1, 1, 1, 2)).view(Yes), np.zeros(2).view(Yes)")


@hostile(without("fold"), "is no answer")
def an_object_that_is_no_answer(corpus):
    return evil(corpus, "class Yes:\n    def __eq__(self, other): return True\nreturn Yes()")


@hostile(without("fold"))
def an_answer_with_code_in_it(corpus):
    return evil(
        corpus,
        "import os\nclass E:\n    def __reduce__(self): return os.system, ('touch /tmp/x',)\nreturn np.array([E()], object)",
    )


@hostile(without("fold"))
def an_answer_of_a_gigabyte(corpus):
    return evil(corpus, "return np.zeros(125_000_000)")


@hostile(without("fold"))
def garbage_on_the_channel(corpus):
    return evil(corpus, "import os\nos.write(3, b'\\xff' * 100_000)\nreturn 1")


@hostile(without("fold"))
def a_forged_answer_on_the_channel(corpus):
    lines = 'import os, struct\nhead = b\'{"value": {"plain": true}, "points": 100, "arrays": []}\'\n'
    return evil(corpus, lines + "os.write(3, struct.pack('<QI', len(head), len(head)) + head)\nreturn 1")


@hostile(without("fold"))
def closes_the_channel(corpus):
    return evil(corpus, "import os\nos.closerange(0, 100)\nreturn 1")


@hostile(without("fold"))
def fills_the_disk(corpus):
    return evil(corpus, "for i in range(10_000):\n    open(f'/tmp/{i}', 'wb').write(b'0' * 50_000_000)")


@hostile(without("fold"))
def loads_the_grader(corpus):
    lines = "import labs.classroom.examiner as e\nfor a, s in list(e._given.values()):\n    raise ValueError('FO' + 'UND')\n"
    return evil(corpus, lines + "import subprocess, sys\nreturn e.grade_one(None, open('/').read())")


@hostile(without("fold"))
def traces_other_processes(corpus):
    lines = "import ctypes, os\nlibc = ctypes.CDLL(None)\nr = [libc.ptrace(16, p, 0, 0) for p in range(2, 70_000, 7)]\n"
    return evil(corpus, lines + "raise ValueError('FO' + 'UND' if 0 in r else 'nothing')")


@hostile(without("fold"), "nothing")
def gets_its_privileges_back(corpus):
    lines = (
        "import ctypes\nlibc = ctypes.CDLL(None)\ndone = [libc.mount(b'none', b'/', None, 32 | 4096, None)]\n"
    )
    lines += "done += [libc.umount2(b'/home/student', 2), libc.setuid(0), libc.chroot(b'/')]\n"
    return evil(corpus, lines + "raise ValueError('FO' + 'UND' if 0 in done else 'nothing')")


@hostile(NONE, "cannot be read")
def nested_too_deeply(corpus):
    return {"lab05.ipynb": b'{"cells": ' + b"[" * 100_000}


@hostile({**FULL})
def paths_out_of_the_zip(corpus):
    return as_flat_zip(
        {
            "lab05.ipynb": as_bytes(corpus.perfect()),
            "../../evil.txt": b"x",
            "/etc/evil": b"x",
            "C:\\evil": b"x",
        }
    )


def as_flat_zip(files):
    return {"submission.zip": as_zip(files)}


@hostile({**FULL}, "was not taken")
def a_zip_that_grows(corpus):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lab05.ipynb", as_bytes(corpus.perfect()))
        with archive.open("zeros.bin", "w", force_zip64=True) as file:
            for _ in range(110):
                file.write(bytes(1_000_000))
    return {"submission.zip": bomb.getvalue()}


@hostile({**FULL})
def a_link_in_the_zip(corpus):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("lab05.ipynb", as_bytes(corpus.perfect()))
        link = zipfile.ZipInfo("key.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return {"submission.zip": target.getvalue()}


class _Evil:
    def __reduce__(self):
        return eval, ("open('/tmp/labs-corpus-was-here', 'w').close()",)


@hostile({**FULL}, "cannot be read")
def a_pickle_for_a_model(corpus):
    model = corpus.model()
    model["digits/golden.npz"] = pickle.dumps(_Evil())
    model["digits/card.json"] = pickle.dumps(_Evil())
    return {"lab05.ipynb": as_bytes(corpus.perfect()), **model}


@hostile({**FULL}, "differs from the card")
def a_model_with_another_file(corpus):
    model = corpus.model()
    content = bytearray(model["digits/model.onnx"])
    content[-100] ^= 1
    model["digits/model.onnx"] = bytes(content)
    return {"lab05.ipynb": as_bytes(corpus.perfect()), **model}


@hostile({**FULL}, "Lambda")
def a_keras_model_with_code(corpus):
    """Its card is right, but model.keras holds a Lambda layer with code: safe mode refuses it."""
    return {"lab05.ipynb": as_bytes(corpus.perfect()), **corpus.model_with_code()}


@hostile(without("fold"), "alert")
def markup_for_the_page(corpus):
    return evil(corpus, "raise ValueError('=HYPERLINK(1)<script>alert(1)</script>')")
