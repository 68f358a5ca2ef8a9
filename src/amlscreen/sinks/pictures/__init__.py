"""Pictures of one alert as HTML and SVG text: no script, no outside file; the page and the notebook show the same ones."""
