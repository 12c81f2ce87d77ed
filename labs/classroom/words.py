"""What the grader says to a student, in English and in Korean."""

WORDS = {
    "right": ("right", "정답입니다"),
    "unanswered": ("not answered", "답을 작성하지 않았습니다"),
    "missing": ("no cell defines {}", "{} 정의를 찾을 수 없습니다"),
    "wrong": ("{}", "{}"),
    "error": ("your code raises {}", "작성한 코드에서 오류가 발생했습니다: {}"),
    "no_answer": (
        "{} is no answer: return numbers, text, arrays, or lists of these",
        "{} 값은 답이 될 수 없습니다. 수, 문자열, 배열이나 이것들의 리스트를 반환하세요",
    ),
    "slow": (
        "stopped after {:g} seconds: an endless loop?",
        "{:g}초 만에 중지했습니다. 무한 반복이 아닌지 확인하세요",
    ),
    "slow_in_all": ("the notebook takes more than {:g} seconds in all", "노트북 전체가 {:g}초 넘게 걸립니다"),
    "loud": ("stopped: it prints more than {} MB", "출력이 {} MB를 넘어 중지했습니다"),
    "many": ("stopped: it starts too many processes ({})", "프로세스를 너무 많이 만들어({}개) 중지했습니다"),
    "memory": ("stopped: it takes more than {} MB of memory", "메모리를 {} MB 넘게 사용하여 중지했습니다"),
    "ended": ("the program ended by itself (exit code {})", "프로그램이 스스로 끝났습니다(종료 코드 {})"),
    "crashed": ("the program crashed ({})", "프로그램이 비정상 종료되었습니다({})"),
    "garbled": ("the program answers what no function returns", "함수의 반환값이 아닌 것을 답했습니다"),
    "no_notebook": ("no notebook of this assignment was handed in", "이 과제의 노트북을 제출하지 않았습니다"),
    "unreadable": ("the notebook cannot be read: {}", "노트북을 읽을 수 없습니다: {}"),
    "note_choice": ("several notebooks: {} was graded", "노트북이 여러 개여서 {}을(를) 채점했습니다"),
    "note_twice": (
        "{}: several cells answer it, the last was graded",
        "{}: 답한 셀이 여러 개여서 마지막 것을 채점했습니다",
    ),
    "note_tag": (
        "{}: found by its content, its metadata was lost",
        "{}: 메타데이터가 없어 내용으로 찾았습니다",
    ),
    "note_changed": (
        "{}: a given cell was changed or deleted, it was restored",
        "{}: 바뀌었거나 지워진 셀을 되돌렸습니다",
    ),
    "note_format": ("the notebook's format was repaired", "노트북 형식을 바로잡았습니다"),
    "note_kind": ("{}: its cell was not a code cell", "{}: 코드 셀이 아니어서 바로잡았습니다"),
    "note_dropped": ("{} was not taken: {}", "{}은(는) 받지 않았습니다: {}"),
    "points": ("points", "점수"),
    "question": ("question", "문제"),
    "comment": ("comment", "설명"),
    "student": ("student", "학번"),
    "total": ("total", "합계"),
    "notes": ("About your notebook", "노트북에 관하여"),
    "output": ("What your program printed", "프로그램의 출력"),
    "feedback": ("Feedback", "채점 결과"),
}


def say(key, language, *details):
    """The sentence `key` in "en" or "ko"."""
    return WORDS[key][language == "ko"].format(*details)
