"""Where the bundled Korean faces come from: packages with their SHA-256, and the face table."""

from dataclasses import dataclass

# short name: (package manager, package, version, SHA-256 of the archive)
PACKAGES = {
    "fonts-nanum": (
        "debian",
        "fonts-nanum",
        "20200506-1",
        "5e86c346e6485b694e1f0ebd27132892fcf014d1b975de4fd21d1654ddf37043",
    ),
    "fonts-nanum-extra": (
        "debian",
        "fonts-nanum-extra",
        "20200506-1",
        "05ee7f37582df6a9cec4b259e58d1ca7919bf8c6c3c6502959639a7e51411559",
    ),
    "fonts-woowa-bm": (
        "debian",
        "fonts-woowa-bm",
        "20211009-2",
        "926b0404d616a0b48c1443ee9077020d720ece1914e6dec09d9435ff0ea68fa6",
    ),
    "hi-melody": (
        "npm",
        "@fontsource/hi-melody",
        "5.3.0",
        "7c863e00f03dc1bf22282cc73045afce6d517c055f512e6880ca0f14a3ab662c",
    ),
    "gamja-flower": (
        "npm",
        "@fontsource/gamja-flower",
        "5.3.0",
        "39b21876792be48fb2701baacab1a75566c2926ae06a109a4ff73510d77d1d7f",
    ),
    "gaegu": (
        "npm",
        "@fontsource/gaegu",
        "5.3.0",
        "a288e8e1d8ba3b288bee36088ad49f3e393797b96c2cca489efcbce47d918f6f",
    ),
    "single-day": (
        "npm",
        "@fontsource/single-day",
        "5.3.1",
        "133ad639f50a5f2803d5783fce68c5eabcfd79a2b183a4f2474ecf72785d8f7d",
    ),
    "poor-story": (
        "npm",
        "@fontsource/poor-story",
        "5.3.0",
        "01497fc5e67f86260082878abfbdf266d902d6cfcc328a36f2fb4956f368bf9b",
    ),
    "east-sea-dokdo": (
        "npm",
        "@fontsource/east-sea-dokdo",
        "5.3.0",
        "339f551a03f269f099637baa38180ec917e6119b6a7b9630e4954e81f59f6a00",
    ),
    "kirang-haerang": (
        "npm",
        "@fontsource/kirang-haerang",
        "5.0.7",
        "5233e2c05ea18525e41573c041db248249d20ff950fabcfdaa9625fff8c77078",
    ),
    "ibm-plex-sans-kr": (
        "npm",
        "@fontsource/ibm-plex-sans-kr",
        "5.3.0",
        "eba19ac984a2b36b4a6d685ae3710d26117e275e3e7e3e0d509acbbd60a079fc",
    ),
    "hahmlet": (
        "npm",
        "@fontsource/hahmlet",
        "5.3.0",
        "61d862034f96b4504bfc4e237c57ff0090c93772624fe7416682d575aa2cc665",
    ),
    "song-myung": (
        "npm",
        "@fontsource/song-myung",
        "5.2.8",
        "b3e3bd129b6ff64e518db6bf5a8dd25e50f203ba1d5d192742ff858edeade3e6",
    ),
    "sunflower": (
        "npm",
        "@fontsource/sunflower",
        "5.3.1",
        "a67980d9dd5a4d4df4e677a96efa230504a150329566a32211cc2a3514d6f20b",
    ),
    "gothic-a1": (
        "npm",
        "@fontsource/gothic-a1",
        "5.3.0",
        "a9d3574eb64f471015aae0e429ecb5a49a2839897bd3e7991712fb6fc62d11c0",
    ),
    "noto-serif-kr": (
        "npm",
        "@fontsource/noto-serif-kr",
        "5.3.0",
        "91d6ecd49679ea3453abc728de768bccf603524830a19bb138a284a0f5f007e5",
    ),
    "dongle": (
        "npm",
        "@fontsource/dongle",
        "5.2.7",
        "3158f0abe7649d65280b2f987fac48755acd6602d7e07be75e4eb9c74845076a",
    ),
    "black-han-sans": (
        "npm",
        "@fontsource/black-han-sans",
        "5.3.0",
        "5bca3ef2d1dd47c9d47a50db37467cde5050d514fea95863ddbab193bc503b81",
    ),
    "do-hyeon": (
        "npm",
        "@fontsource/do-hyeon",
        "5.3.0",
        "0af507daa8ee270bd99a066dc8690b6e9a159ed24958e944b72262fc7c02738c",
    ),
    "jua": (
        "npm",
        "@fontsource/jua",
        "5.3.0",
        "71e6a7f9d472ebecf36a7067d4c061a1ff1c9beeb83617cf418200619a928a94",
    ),
    "cute-font": (
        "npm",
        "@fontsource/cute-font",
        "5.2.8",
        "03af324a7d4f72f642bc890549061a28d731cc293ccf0d22395440669ecbf14d",
    ),
    "gugi": (
        "npm",
        "@fontsource/gugi",
        "5.3.0",
        "048733ff0b9795beb57218166f328a2fde134f5395b5c391bae5019b0312bbe6",
    ),
    "stylish": (
        "npm",
        "@fontsource/stylish",
        "5.3.1",
        "fd9fc29ef82a80cef43217700f7255eff5acb0de09b6e1d2e620e2d608a4df6e",
    ),
}


@dataclass(frozen=True)
class Face:
    """One bundled face: our short name and family, its package, and the file(s) in it."""

    name: str
    family: str
    kind: str  # "print" or "handwriting"
    package: str
    files: str
    file: str

    @property
    def use(self):
        """ "test" for the faces that no training and no tuning may see, "train" for the others."""
        return "test" if self.name in TEST else "train"


# Chosen by name before any was drawn; whole designs, no sibling of theirs is trained on.
TEST = {
    *("hand-melody", "hand-potato", "hand-frog", "hand-day"),
    *("sans-six", "serif-prince", "serif-pine", "sans-sun", "sans-one"),
}


FACES = [
    Face("gothic", "Labs Gothic", "print", "fonts-nanum", "**/NanumGothic.ttf", "LabsGothic.ttf"),
    Face("myeongjo", "Labs Serif Hall", "print", "fonts-nanum", "**/NanumMyeongjo.ttf", "myeongjo.woff2"),
    Face(
        "square-round",
        "Labs Round Square",
        "print",
        "fonts-nanum",
        "**/NanumSquareRoundR.ttf",
        "square-round.woff2",
    ),
    Face("pen", "Labs Hand Pen", "handwriting", "fonts-nanum-extra", "**/NanumPen.ttf", "pen.woff2"),
    Face("brush", "Labs Hand Brush", "handwriting", "fonts-nanum-extra", "**/NanumBrush.ttf", "brush.woff2"),
    Face(
        "marker",
        "Labs Hand Marker",
        "handwriting",
        "fonts-nanum-extra",
        "**/NanumBarunpenR.ttf",
        "marker.woff2",
    ),
    Face(
        "hanna-air", "Labs Poster Air", "print", "fonts-woowa-bm", "**/BMHANNAAir_ttf.ttf", "hanna-air.woff2"
    ),
    Face(
        "hand-melody",
        "Labs Hand Melody",
        "handwriting",
        "hi-melody",
        "package/files/*-400-normal.woff2",
        "hand-melody.woff2",
    ),
    Face(
        "hand-potato",
        "Labs Hand Potato",
        "handwriting",
        "gamja-flower",
        "package/files/*-400-normal.woff2",
        "hand-potato.woff2",
    ),
    Face(
        "hand-frog",
        "Labs Hand Frog",
        "handwriting",
        "gaegu",
        "package/files/*-400-normal.woff2",
        "hand-frog.woff2",
    ),
    Face(
        "hand-day",
        "Labs Hand Day",
        "handwriting",
        "single-day",
        "package/files/*-400-normal.woff2",
        "hand-day.woff2",
    ),
    Face(
        "hand-story",
        "Labs Hand Story",
        "handwriting",
        "poor-story",
        "package/files/*-400-normal.woff2",
        "hand-story.woff2",
    ),
    Face(
        "hand-east",
        "Labs Hand East",
        "handwriting",
        "east-sea-dokdo",
        "package/files/*-400-normal.woff2",
        "hand-east.woff2",
    ),
    Face(
        "hand-lively",
        "Labs Hand Lively",
        "handwriting",
        "kirang-haerang",
        "package/files/*-400-normal.woff2",
        "hand-lively.woff2",
    ),
    Face(
        "brushwork",
        "Labs Hand Brushwork",
        "handwriting",
        "fonts-woowa-bm",
        "**/BMYEONSUNG_ttf.ttf",
        "brushwork.woff2",
    ),
    Face(
        "sans-six",
        "Labs Sans Six",
        "print",
        "ibm-plex-sans-kr",
        "package/files/*-400-normal.woff2",
        "sans-six.woff2",
    ),
    Face(
        "serif-prince",
        "Labs Serif Prince",
        "print",
        "hahmlet",
        "package/files/*-400-normal.woff2",
        "serif-prince.woff2",
    ),
    Face(
        "serif-pine",
        "Labs Serif Pine",
        "print",
        "song-myung",
        "package/files/*-400-normal.woff2",
        "serif-pine.woff2",
    ),
    Face(
        "sans-sun",
        "Labs Sans Sun",
        "print",
        "sunflower",
        "package/files/*-300-normal.woff2",
        "sans-sun.woff2",
    ),
    Face(
        "sans-one",
        "Labs Sans One",
        "print",
        "gothic-a1",
        "package/files/*-400-normal.woff2",
        "sans-one.woff2",
    ),
    Face(
        "serif-plain",
        "Labs Serif Plain",
        "print",
        "noto-serif-kr",
        "package/files/*-400-normal.woff2",
        "serif-plain.woff2",
    ),
    Face(
        "round-drop",
        "Labs Round Drop",
        "print",
        "dongle",
        "package/files/*-400-normal.woff2",
        "round-drop.woff2",
    ),
    Face(
        "poster-black",
        "Labs Poster Black",
        "print",
        "black-han-sans",
        "package/files/*-400-normal.woff2",
        "poster-black.woff2",
    ),
    Face(
        "poster-road",
        "Labs Poster Road",
        "print",
        "do-hyeon",
        "package/files/*-400-normal.woff2",
        "poster-road.woff2",
    ),
    Face(
        "round-jar", "Labs Round Jar", "print", "jua", "package/files/*-400-normal.woff2", "round-jar.woff2"
    ),
    Face(
        "round-cute",
        "Labs Round Cute",
        "print",
        "cute-font",
        "package/files/*-400-normal.woff2",
        "round-cute.woff2",
    ),
    Face(
        "poster-flag",
        "Labs Poster Flag",
        "print",
        "gugi",
        "package/files/*-400-normal.woff2",
        "poster-flag.woff2",
    ),
    Face(
        "hand-style",
        "Labs Hand Style",
        "handwriting",
        "stylish",
        "package/files/*-400-normal.woff2",
        "hand-style.woff2",
    ),
]
