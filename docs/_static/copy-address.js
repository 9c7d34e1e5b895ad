// Put a button beside each address on a card that copies it. Without JavaScript the address
// is there to select.
const status = document.createElement("p");
status.setAttribute("role", "status");
status.className = "visually-hidden";
document.querySelector("main").append(status);

for (const link of document.querySelectorAll(".mail-cards a[href^='mailto:']")) {
  const address = link.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-address";
  button.textContent = "Copy address";
  button.setAttribute("aria-label", `Copy address ${address}`);
  button.addEventListener("click", async () => {
    let said = `Copied ${address}`;
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(link);
      said = "Not copied. The address is selected: copy it with your keyboard";
    }
    status.textContent = said;
    setTimeout(() => { button.textContent = "Copy address"; status.textContent = ""; }, 4000);
  });
  link.closest("p").after(button);
}
