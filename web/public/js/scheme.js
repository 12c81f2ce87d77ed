// Light or dark: as the reader has chosen with a lesson's switch (its theme keeps that in localStorage), else as the system has it.
// A lesson's switch reaches the pages inside it at once, since a change there is an event in every other document.
const DARK = "(prefers-color-scheme: dark)";

export function followScheme() {
  const sheet = [...document.styleSheets].flatMap((one) => [...one.cssRules]).find((rule) => rule.media?.mediaText === DARK);
  const apply = () => {
    const theme = chosen();
    if (sheet) sheet.media.mediaText = { light: "not all", dark: "all" }[theme] ?? DARK;
    document.documentElement.style.colorScheme = theme === "light" || theme === "dark" ? theme : "";
    document.dispatchEvent(new Event("schemechange"));
  };
  apply();
  addEventListener("storage", apply);
  matchMedia(DARK).addEventListener("change", apply);
}

function chosen() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // a private window may have no storage
  }
}
