"""Pictures of one alert as HTML and SVG text, without script; page and notebook show the same ones."""
