/**
 * The desk: shows what comes, without moving the focus. Without this script the pages work by forms and a reload.
 */

import { ring } from "../console/bell.js";
import { Board } from "./board.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Line } from "./line.js";

const desk = document.querySelector("#desk");
const board = new Board(desk);
const conversation = desk.dataset.conversation ? new Conversation(desk) : null;
const composer = conversation && new Composer(conversation);

const HEARD = {
	queue: (data) => board.show(data),
	message: (data) => {
		conversation?.add(data);
		composer?.arrived(data.seq);
		if (data.author === "citizen" && conversation.panel === "mine" && document.hidden) ring();
	},
	state: (data) => {
		conversation?.situate(data);
		composer?.lock(conversation.panel !== "mine");
	},
	typing: ({ seconds }) => conversation?.type(seconds),
	deleted: () => {
		conversation?.clear();
		composer?.clear();
	},
	beat: () => {},
};

new Line(() => address(), HEARD, (isWhole) => {
	document.querySelector("#line").hidden = isWhole;
	if (isWhole) composer?.send();
}).open();

/** Of the stream: what comes after the last message that stands here. */
function address() {
	const parameters = conversation ? `?conversation=${conversation.id}&after=${conversation.last}` : "";
	return desk.dataset.stream + parameters;
}
