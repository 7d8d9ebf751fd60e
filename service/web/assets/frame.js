/** What all pages have: their language, their collection, and links that stay in it. */

import { linkPages } from "./collection.js";
import { offerLanguages, translate } from "./language.js";

/** Make the frame of a page work, and show the page; redraw is called when its language has changed. */
export function setUpFrame(redraw) {
  translate();
  linkPages();
  offerLanguages(document.getElementById("languages"), redraw);
  document.getElementById("app").hidden = false;
}
