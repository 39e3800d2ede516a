// Icons that only the desk needs, on the grid of `ui`'s.

export const panel = "M3 4h14v12H3zM12.5 4v12";
export const bell = "M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1.5 1.5H4zM8.5 17h3";
export const bellOff = "M3.5 3.5l13 13M5.5 7.8V13.5L4 15h10.5M7.5 5.3A4.5 4.5 0 0 1 14.5 9v3M8.5 17h3";
export const key = "M7 9.5a3 3 0 1 0 0 .01M10 9.5h7M14.5 9.5v3";
