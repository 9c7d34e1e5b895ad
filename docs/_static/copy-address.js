// Put a button below each address that copies it. Without JavaScript the address is there to select.
const page = document.querySelector("#contact-us");
const status = document.createElement("p");
status.setAttribute("role", "status");
status.className = "copy-status";
page.append(status);

for (const link of page.querySelectorAll("[href^='mailto:']")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-address";
  button.textContent = "Copy address";
  button.ariaLabel = `Copy address ${link.textContent}`;
  button.onclick = async () => {
    status.textContent = ""; // so that the same words are announced again
    try {
      await navigator.clipboard.writeText(link.textContent);
      status.textContent = `Copied ${link.textContent}`;
    } catch {
      getSelection().selectAllChildren(link);
      status.textContent = "Not copied. The address is selected: copy it with your keyboard.";
    }
  };
  link.closest("p").after(button);
}
