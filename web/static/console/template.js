/** A copy of what stands in the <template> with this id, its fields filled. */
export function make(id, fields) {
	const node = document.getElementById(id).content.firstElementChild.cloneNode(true);
	fill(node, fields);
	return node;
}

/** Writes each field into the nodes that are named after it. */
export function fill(node, fields) {
	for (const place of node.querySelectorAll("[data-field]")) {
		const text = String(fields[place.dataset.field] ?? "");
		if (place.textContent !== text) place.textContent = text;
	}
}
