(() => {
  "use strict";
  const video = document.querySelector("video");
  const said = document.getElementById("said");
  const scenes = [...document.querySelectorAll("[data-start]")];

  for (const scene of scenes) {
    scene.querySelector(".time").addEventListener("click", (event) => {
      event.preventDefault();
      video.currentTime = Number(scene.dataset.start) + 0.01;
      const playing = video.play();
      if (playing) playing.catch(() => {});
    });
  }

  video.addEventListener("timeupdate", () => {
    const now = video.currentTime;
    for (const scene of scenes) {
      const here = now > 0 && now >= Number(scene.dataset.start) && now < Number(scene.dataset.end);
      if (here) scene.setAttribute("aria-current", "true");
      else scene.removeAttribute("aria-current");
    }
  });

  for (const button of document.querySelectorAll("button[data-copies]")) {
    const what = document.getElementById(button.dataset.copies);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(what.textContent);
        said.textContent = "Copied.";
      } catch {
        getSelection().selectAllChildren(what);
        said.textContent = "Selected: copy it with your keyboard.";
      }
    });
  }
})();
