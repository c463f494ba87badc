import { ring } from "./bell.js";
import { announce } from "./news.js";
import { fill } from "./template.js";

const title = document.title.replace(/^\(\d+\) /, "");
const badge = document.querySelector("#waiting");
const person = document.querySelector(".person");

/** How many wait, in the menu and in the title, and whether one can be reached oneself. */
export function stand(standing) {
	const { waiting } = standing;
	fill(badge, standing);
	fill(person, standing);
	badge.hidden = !waiting;
	document.title = waiting ? `(${waiting}) ${title}` : title;
}

/** Somebody new waits: whoever can be reached hears it. */
export function call({ said, available }) {
	announce(`Neue Anfrage, ${said}.`);
	if (available) ring();
}
