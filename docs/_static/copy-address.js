// Put a button beside each address on a card that copies it. Without JavaScript the address
// is there to select.
const status = document.createElement("p");
status.setAttribute("role", "status");
status.className = "copy-status";
document.querySelector(".mail-cards").after(status);

for (const link of document.querySelectorAll(".mail-cards a[href^='mailto:']")) {
  const address = link.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-address";
  button.textContent = "Copy address";
  button.setAttribute("aria-label", `Copy address ${address}`);
  button.addEventListener("click", async () => {
    status.textContent = ""; // so that the same words are announced again
    try {
      await navigator.clipboard.writeText(address);
      status.textContent = `Copied ${address}`;
    } catch {
      getSelection().selectAllChildren(link);
      status.textContent = "Not copied. The address is selected: copy it with your keyboard.";
    }
  });
  link.closest("p").after(button);
}
