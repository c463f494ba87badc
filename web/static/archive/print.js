// The button that opens the browser's print view; without this script the browser's own menu does the same.
const button = document.getElementById("drucken");
button.hidden = false;
button.addEventListener("click", () => window.print());
