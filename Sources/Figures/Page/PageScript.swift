/// What a page does: draws figures when they come into view, in the colors of the theme; switches series; saves figures.
enum PageScript {
  static let code = #"""
    (function () {
      "use strict";
      var root = document.documentElement;
      var palettes = JSON.parse(document.getElementById("palettes").textContent);
      var systemDark = window.matchMedia("(prefers-color-scheme: dark)");
      var printing = false;

      function isDark() {
        var chosen = root.getAttribute("data-theme");
        return !printing && (chosen ? chosen === "dark" : systemDark.matches);
      }
      function palette() { return palettes[isDark() ? "dark" : "light"]; }

      // Colors are names behind the character 1, with an opacity after a slash.
      function color(name, palette) {
        var parts = name.slice(1).split("/"), code = palette[parts[0]];
        if (parts.length === 1) return code;
        var number = parseInt(code.slice(1), 16);
        return "rgba(" + (number >> 16) + "," + (number >> 8 & 255) + "," + (number & 255) + "," + parts[1] + ")";
      }
      function colored(value, palette) {
        if (typeof value === "string") return value.charCodeAt(0) === 1 ? color(value, palette) : value;
        if (Array.isArray(value)) return value.map(function (one) { return colored(one, palette); });
        if (value && typeof value === "object") {
          var result = {};
          Object.keys(value).forEach(function (key) { result[key] = colored(value[key], palette); });
          return result;
        }
        return value;
      }

      var figures = Array.prototype.map.call(document.querySelectorAll("figure[data-name]"), function (element) {
        return { element: element, plots: Array.prototype.slice.call(element.querySelectorAll(".plot")), hidden: {}, isDrawn: false };
      }).filter(function (figure) { return figure.plots.length > 0; });

      function draw(figure) {
        if (!figure.panels) figure.panels = JSON.parse(figure.element.querySelector("script.data").textContent).panels;
        figure.isDrawn = true;
        figure.plots.forEach(function (plot, index) {
          var panel = colored(figure.panels[index], palette());
          panel.data.forEach(function (trace) { if (figure.hidden[trace.legendgroup]) trace.visible = false; });
          Plotly.react(plot, panel.data, panel.layout, {
            responsive: true, displaylogo: false, displayModeBar: false, doubleClick: "reset"
          });
        });
      }
      function redraw() { figures.forEach(function (figure) { if (figure.isDrawn) draw(figure); }); }

      if (window.IntersectionObserver) {
        var observer = new IntersectionObserver(function (entries) {
          entries.forEach(function (entry) {
            if (!entry.isIntersecting) return;
            observer.unobserve(entry.target);
            figures.forEach(function (figure) { if (figure.element === entry.target) draw(figure); });
          });
        }, { rootMargin: "600px" });
        figures.forEach(function (figure) { observer.observe(figure.element); });
      } else {
        figures.forEach(draw);
      }

      // The choice is kept where the browser lets a file keep anything.
      function remembered() { try { return localStorage.getItem("medtransfer-theme"); } catch (error) { return null; } }
      function remember(theme) { try { localStorage.setItem("medtransfer-theme", theme); } catch (error) { return; } }
      if (remembered() === "dark" || remembered() === "light") root.setAttribute("data-theme", remembered());
      document.getElementById("theme").addEventListener("click", function () {
        var theme = isDark() ? "light" : "dark";
        root.setAttribute("data-theme", theme);
        remember(theme);
        redraw();
      });
      systemDark.addEventListener("change", redraw);
      // On paper plots are as wide as there is room, whatever they were on the screen: drawings that scale.
      function scale(isScaled) {
        Array.prototype.forEach.call(document.querySelectorAll(".svg-container"), function (box) {
          box.style.aspectRatio = isScaled ? box.clientWidth + "/" + box.clientHeight : "";
          Array.prototype.forEach.call(box.querySelectorAll(".main-svg"), function (drawing) {
            if (isScaled) drawing.setAttribute("viewBox", "0 0 " + drawing.getAttribute("width") + " " + drawing.getAttribute("height"));
            else drawing.removeAttribute("viewBox");
          });
        });
      }
      window.addEventListener("beforeprint", function () { printing = true; figures.forEach(draw); scale(true); });
      window.addEventListener("afterprint", function () { printing = false; scale(false); redraw(); });

      figures.forEach(function (figure) {
        figure.element.addEventListener("click", function (event) {
          var button = event.target.closest("button");
          if (!button) return;
          if (button.dataset.series !== undefined) {
            var isShown = button.getAttribute("aria-pressed") !== "true";
            button.setAttribute("aria-pressed", String(isShown));
            figure.hidden[button.dataset.series] = !isShown;
            draw(figure);
          } else if (button.dataset.export) {
            save(figure, button.dataset.export);
          }
        });
      });

      // One picture of title, panels where they stand, and legend.
      function compose(figure) {
        draw(figure);
        var now = palette(), grid = figure.element.querySelector(".panels").getBoundingClientRect();
        var heading = 34, width = Math.ceil(grid.width), bottom = heading + Math.ceil(grid.height) + 10;
        var serializer = new XMLSerializer(), parser = new DOMParser();
        return Promise.all(figure.plots.map(function (plot) {
          return Plotly.toImage(plot, { format: "svg", width: plot.clientWidth, height: plot.clientHeight });
        })).then(function (images) {
          var family = "font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\"";
          var body = text(figure.element.querySelector("h3").textContent, 4, 22, "font-size=\"15\" font-weight=\"bold\"");
          images.forEach(function (image, index) {
            var drawn = parser.parseFromString(decodeURIComponent(image.slice(image.indexOf(",") + 1)), "image/svg+xml").documentElement;
            var place = figure.plots[index].getBoundingClientRect();
            drawn.setAttribute("x", place.left - grid.left);
            drawn.setAttribute("y", place.top - grid.top + heading);
            body += serializer.serializeToString(drawn);
          });
          var measure = document.createElement("canvas").getContext("2d"), x = 4, y = bottom + 14;
          measure.font = "13px Liberation Sans, Arial, Helvetica, sans-serif";
          Array.prototype.forEach.call(figure.element.querySelectorAll(".legend li"), function (entry) {
            var button = entry.querySelector("button");
            if (button && button.getAttribute("aria-pressed") === "false") return;
            var symbol = entry.querySelector("svg"), key = entry.querySelector(".key"), label = entry.querySelector("span").textContent;
            var words = (key ? key.textContent + "  " + label : label).split(" "), indent = symbol ? 36 : 0, line = "";
            // An entry begins on a new line if it does not fit, and breaks only if it is longer than a line.
            var length = indent + measure.measureText(words.join(" ")).width + 22;
            if (x > 4 && x + length > width) { x = 4; y += 20; }
            if (symbol) {
              var copy = symbol.cloneNode(true);
              copy.setAttribute("x", x);
              copy.setAttribute("y", y - 12);
              body += serializer.serializeToString(copy).replace(/var\(--([\w-]+)\)/g, function (_, name) { return now[name]; });
            }
            words.forEach(function (word) {
              if (line && x + indent + measure.measureText(line + " " + word).width > width - 4) {
                body += text(line, x + indent, y, "font-size=\"13\"");
                line = "";
                x = 4;
                y += 20;
              }
              line += (line ? " " : "") + word;
            });
            body += text(line, x + indent, y, "font-size=\"13\"");
            x += indent + measure.measureText(line).width + 22;
            bottom = y + 12;
          });
          function text(words, x, y, style) {
            var node = document.createElementNS("http://www.w3.org/2000/svg", "text");
            node.textContent = words;
            return serializer.serializeToString(node).replace("<text", "<text x=\"" + x + "\" y=\"" + y + "\" fill=\"" + now.ink + "\" " + family + " " + style);
          }
          var size = "width=\"" + width + "\" height=\"" + bottom + "\"";
          return { width: width, height: bottom, svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + width + " " + bottom
            + "\"><rect " + size + " fill=\"" + now.paper + "\"/>" + body + "</svg>" };
        });
      }

      function save(figure, format) {
        var name = figure.element.dataset.name + "." + format;
        return compose(figure).then(function (picture) {
          var blob = new Blob([picture.svg], { type: "image/svg+xml" });
          if (format === "svg") return download(blob, name);
          var image = new Image(), address = URL.createObjectURL(blob);
          image.onload = function () {
            var canvas = document.createElement("canvas");
            canvas.width = picture.width * 3;
            canvas.height = picture.height * 3;
            canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
            URL.revokeObjectURL(address);
            canvas.toBlob(function (png) { download(png, name); }, "image/png");
          };
          image.src = address;
        });
      }
      function download(blob, name) {
        var link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = name;
        document.body.appendChild(link);
        link.click();
        link.remove();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
      }
    })();

    """#
}
