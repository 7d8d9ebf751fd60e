/** The sentences of the page, by language; every language has the same. */

import { CHINESE } from "./chinese.js";
import { ENGLISH } from "./english.js";

export const STRINGS = { en: ENGLISH, zh: CHINESE };
