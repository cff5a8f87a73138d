"""The look of the page: one style sheet, light and dark, narrow and wide, on a screen and on paper.

Owns the style sheet; its colours are `coach.report.colours`. Nothing in it is fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.report.colours import DARK, LIGHT
from coach.report.drawing import mark_style

if TYPE_CHECKING:
    from collections.abc import Mapping

_RULES = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.75rem}
h1{font-size:1.75rem;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:0}
h2{font-size:1.15rem;font-weight:650;margin:0 0 .75rem}
h3{font-size:1rem;font-weight:650;margin:0}
p{margin:0}
section{margin-top:2.75rem}
ol,ul,dl,dd,figure{list-style:none;margin:0;padding:0}
blockquote{margin:0}
time,.n{font-variant-numeric:tabular-nums;white-space:nowrap}
.soft,time,.lead{color:var(--soft)}
.lead{margin:-.4rem 0 .9rem}
.small{font-size:.875rem}
.sub{margin-top:.35rem;color:var(--soft)}
.note{margin-top:.75rem;padding-inline-start:.8rem;border-inline-start:2px solid var(--line);color:var(--soft);
font-size:.9rem}
.tags li{display:inline-block;margin:.6rem .35rem 0 0;padding:.05rem .6rem;border:1px solid var(--line);
border-radius:1rem;font-size:.8rem;color:var(--soft)}
.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,16.5rem),1fr))}
.card{background:var(--tint);border-radius:10px;padding:1rem 1.15rem}
.list>li+li{margin-top:.75rem}
.kind{display:flex;justify-content:space-between;gap:1rem;font-size:.8rem;font-weight:600;color:var(--accent);
letter-spacing:.02em}
.kind+p{margin-top:.25rem;font-weight:550}
.kind.plain{font-size:1rem;color:var(--ink)}.kind.plain+p{margin-top:.1rem;font-weight:400;color:var(--soft)}
.kind time{font-size:.84rem;font-weight:400}
blockquote{margin-top:.6rem;padding-inline-start:.75rem;border-inline-start:2px solid var(--line);font-size:.94rem}
.by{font-size:.8rem;color:var(--soft)}
.ask{margin-top:.7rem;font-size:.94rem}
.ask b{display:block;font-size:.8rem;font-weight:600;color:var(--soft)}
.ask q{font-weight:550;quotes:"\\201C" "\\201D"}
.why{margin-top:.6rem;font-size:.84rem;color:var(--soft)}
.line .row{direction:ltr;display:grid;grid-template-columns:3.1rem minmax(0,1fr);padding-inline-end:6px}
.line .row+.row{margin-top:.9rem}
.line .row>svg{width:100%;overflow:visible;display:block}
.lanes{position:relative;font-size:.78rem;color:var(--soft)}
.lanes span{position:absolute;line-height:20px}
.line text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
.axis{stroke:var(--line)}.tick{stroke:var(--line);stroke-dasharray:1 3}
.chain{stroke:var(--question_open);stroke-width:1.5;opacity:.55}
rect.rep{fill:var(--rep)}rect.customer{fill:var(--customer)}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin-top:.9rem;font-size:.82rem;color:var(--soft)}
.legend span{font-variant-numeric:tabular-nums;color:var(--ink)}
svg.i{vertical-align:-1px;overflow:visible}
.essentials{columns:23rem 2;column-gap:1rem}
.essentials>*{padding:1.1rem 1.15rem .9rem;margin-bottom:1rem;break-inside:avoid}
.essentials .lead{margin:.2rem 0 .6rem;font-size:.9rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:start;vertical-align:top;padding:.34rem 0;border-top:1px solid var(--line);font-weight:400}
thead th{border-top:0;padding-top:0;font-size:.75rem;color:var(--soft)}
td.n,th.n{text-align:end;padding-inline-start:.75rem}
td.n b{font-weight:650}
th small,td small{display:block;font-size:.78rem;line-height:1.35;color:var(--soft)}
th small{white-space:normal}
.world th{width:34%;padding-inline-end:1rem;font-weight:550}
details>summary{cursor:pointer;color:var(--soft);font-size:.84rem;margin-top:.6rem;padding:.15rem 0}
summary:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
details.big>summary{color:var(--ink);margin:0;font-size:1rem}details.big>summary h2{display:inline}
details table{margin-top:.5rem}details dl{font-size:.84rem;margin-top:.4rem}
dt{font-weight:600;margin-top:.5rem}dd{color:var(--soft)}
.onion{border-inline-start:2px solid var(--question_open);padding-inline-start:1rem}
.onion ol{margin:.55rem 0 0;border-inline-start:2px solid var(--question_open);padding-inline-start:1rem}
.onion li{line-height:1.45}
.onion time{display:block;font-size:.8rem}
blockquote,q,.turn p{unicode-bidi:plaintext}
.turn{margin-top:1rem;padding-inline-start:.9rem;border-inline-start:3px solid var(--customer)}
.turn.rep{border-color:var(--rep)}
.turn .by{font-weight:600}
.cues{display:none;font-size:.78rem;color:var(--soft)}
.asks{display:inline-flex;align-items:center;gap:.5rem;margin:.8rem 0 0;font-size:.9rem;color:var(--soft)}
.asks input{width:1.1rem;height:1.1rem;margin:0;accent-color:var(--accent)}
.said:has(input:checked) .cues{display:inline}
body>footer{margin-top:3.5rem;padding-top:1rem;padding-bottom:3rem;font-size:.82rem;color:var(--soft)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:30rem){header{padding-top:1.75rem}h1{font-size:1.4rem}
main,header,body>footer{padding-inline-start:1rem;
padding-inline-end:1rem}.line .row{grid-template-columns:2.5rem minmax(0,1fr)}.onion ol{padding-inline-start:.7rem}}
@page{size:A4;margin:14mm 15mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt system-ui,
"DejaVu Sans",sans-serif;color:#56615D}}
@media print{html{font-size:14.3px}
body{font-size:1rem;line-height:1.42}main,header,body>footer{max-width:none;padding-inline-start:0;
padding-inline-end:0}header{padding-top:0}section{margin-top:1.35rem}
.card,.turn,figure .row,tr,.legend,.onion li{break-inside:avoid}h2,h3,summary,.lead{break-after:avoid}

.essentials{columns:auto;display:grid;grid-template-columns:1fr 1fr;gap:.7rem}.essentials>*{margin:0}
.essentials table{font-size:.82rem}.essentials .lead{font-size:.8rem;margin-bottom:.3rem}
.essentials td,.essentials th{padding:.22rem 0}.essentials td.n,.essentials th.n{padding-inline-start:.5rem}
.essentials small{font-size:.72rem}
.said:not(:has(details[open])){display:none}
.cards{gap:.7rem;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr))}
.card{padding:.75rem .9rem;border:1px solid var(--line);background:none}
details:not([open]),.asks{display:none}
svg,rect,path{print-color-adjust:exact;-webkit-print-color-adjust:exact}body>footer{margin-top:1rem;padding:.4rem 0 0}}
"""


def style() -> str:
    """Return the style sheet of the page."""
    light, dark = _variables(LIGHT), _variables(DARK)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"@media print{{:root{{color-scheme:light}}}}{mark_style()}{_RULES}"
    )


def _variables(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())
