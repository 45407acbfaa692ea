/**
 * Light or dark: as the system is, unless the user chose.
 */

const STORAGE_KEY = "claribi.theme";

/** @typedef {"system" | "light" | "dark"} ThemeChoice */

const dark = matchMedia("(prefers-color-scheme: dark)");

class Theme extends EventTarget {
  #isOnPaper = false;

  constructor() {
    super();
    dark.addEventListener("change", () => this.dispatchEvent(new Event("change")));
    this.#apply();
  }

  /** @returns {ThemeChoice} */
  get choice() {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  }

  set choice(choice) {
    if (choice === "system") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, choice);
    this.#apply();
    this.dispatchEvent(new Event("change"));
  }

  /** Whether it is being printed: paper is light. @param {boolean} isOnPaper */
  set isOnPaper(isOnPaper) {
    this.#isOnPaper = isOnPaper;
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {"light" | "dark"} */
  get resolved() {
    if (this.#isOnPaper) return "light";
    if (this.choice !== "system") return /** @type {"light" | "dark"} */ (this.choice);
    return dark.matches ? "dark" : "light";
  }

  #apply() {
    document.documentElement.dataset.theme = this.choice;
  }
}

export const theme = new Theme();
