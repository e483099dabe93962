/** How the page looks: the palette as variables, light and dark, and what the classes of a step mean. */
import { palettes, type Palette, type Theme } from "../palette.ts";

const dashed = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** Every colour of a palette as a variable: valueFill is --value-fill. */
function variables(theme: Theme): string {
  const { ramp, verdicts, ...colors } = palettes[theme] satisfies Palette;
  const plain = Object.entries(colors).map(([name, color]) => `--${dashed(name)}:${color}`);
  const shades = ramp.map((color, k) => `--shade${k}:${color}`);
  const judged = Object.entries(verdicts).flatMap(([name, v]) => Object.entries(v).map(([part, color]) => `--${name}-${part}:${color}`));
  return [`color-scheme:${theme}`, ...plain, ...shades, ...judged].join(";");
}

const themes = (): string => `
:root{${variables("light")}}
@media (prefers-color-scheme:dark){:root{${variables("dark")}}}
:root[data-theme=light]{${variables("light")}}
:root[data-theme=dark]{${variables("dark")}}`;

const page = `
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;background:var(--panel);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
.page-head{display:flex;gap:16px;align-items:center;justify-content:space-between;padding:12px 24px 0;max-width:1800px;margin:auto}
.page-head h1{font-size:20px;font-weight:400;margin:0;overflow-x:auto;min-width:0}
.page-head p{margin:0;color:var(--second-text);font-size:13px}
.page-tools{display:flex;gap:16px;align-items:center;flex:none}
button,input,select,textarea{font:inherit;color:inherit}
button{min-width:44px;min-height:44px;border:1px solid var(--line);border-radius:10px;background:var(--paper);cursor:pointer}
button:disabled{opacity:.45;cursor:default}
button svg{fill:currentColor;vertical-align:-2px}
:focus-visible{outline:3px solid var(--value);outline-offset:2px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
math{font-size:1.15em}
math[display=block]{font-size:1.35em;margin:0}
.panel{background:var(--paper);border:1px solid var(--hairline);border-radius:10px}`;

const layout = `
.stepper{max-width:1800px;margin:auto;padding:16px 24px 24px;outline:none}
.stepper main{display:grid;grid-template-columns:minmax(0,1fr) 392px;gap:16px;align-items:start}
.stepper aside{display:grid;grid-template-columns:minmax(0,1fr);gap:16px;position:sticky;top:16px}
.markers{position:absolute}
.drawing{position:relative;overflow:hidden}
.tools{display:flex;gap:8px;align-items:center;padding:8px 12px 0}
.search{display:flex;align-items:center;gap:6px;border:1px solid var(--hairline);border-radius:10px;padding:0 10px;color:var(--second-text);flex:0 1 230px;min-width:0}
.search svg{fill:currentColor;flex:none}
.search input{border:0;background:none;outline:0;min-height:42px;width:100%;min-width:0;color:var(--ink)}
.search:focus-within{outline:3px solid var(--value);outline-offset:1px}
output.found{font-size:13px;color:var(--second-text)}
.zoom{margin-left:auto;display:flex;gap:6px}
.canvas{overflow:auto;padding:12px 16px;text-align:center;max-height:min(62vh,640px);min-height:150px}
.canvas svg{max-width:100%;height:auto}
.canvas.narrow{display:none}
.legend-row{display:flex;flex-wrap:wrap;gap:16px;list-style:none;margin:0;padding:4px 18px 12px;color:var(--second-text);font-size:13px}
.legend-row li::before{content:"";display:inline-block;width:17px;height:11px;border:1px solid var(--line);border-radius:4px;margin-right:6px}
.legend-row .active::before{border:2.5px solid var(--value);background:var(--value-fill)}
.backward .legend-row .active::before{border-color:var(--gradient);background:var(--gradient-fill)}
.legend-row .todo::before{border-style:dashed}
.table{border-top:1px solid var(--hairline);padding:12px 18px 16px}
.table h2,.sofar h3,.detail h3{font-size:13px;margin:0 0 6px}
.rows{overflow:auto;max-height:262px;position:relative}
table{border-collapse:collapse;width:100%;font:12.5px/1.45 ui-monospace,"DejaVu Sans Mono",monospace}
thead th{font:13px system-ui,sans-serif;color:var(--second-text);text-align:right;position:sticky;top:0;background:var(--paper)}
th,td{padding:3px 10px;text-align:right;font-weight:400;white-space:pre}
th:nth-child(-n+2),td:nth-child(-n+2){text-align:left}
tbody tr{cursor:pointer}
tbody tr.todo td:nth-child(n+3){color:transparent}
tbody tr.todo{color:var(--second-text)}
tbody tr.active{background:var(--gradient-fill)}
tbody tr.active>*{font-weight:700}
tbody tr.active td:last-child{color:var(--gradient)}
.table-switch{display:none}
.cards,.details{padding:16px 18px}
.step p{margin:0}
.phase{font-size:13px;font-weight:700;color:var(--value)}
.step.backward .phase{color:var(--gradient)}
.step .sentence{margin:6px 0 0;overflow-wrap:anywhere}
details.chain{margin-top:12px}
details.chain summary{cursor:pointer;font-weight:700;padding:10px 0}
details.chain h4{margin:10px 0 0;font-size:13px;color:var(--second-text)}
.formula{overflow-x:auto;padding:14px 2px;text-align:center}
.formula.small{display:flex;flex-wrap:wrap;gap:6px 18px;justify-content:center;padding-top:0}
.note{color:var(--gradient);margin:8px 0 0}
.numbers{display:flex;flex-wrap:wrap;gap:8px;align-items:center;justify-content:center;margin-top:4px}
.number{flex:1 1 84px;min-width:0;text-align:center;font-size:13px;color:var(--second-text);display:grid}
.number:has(.array){flex:1 1 auto;max-width:100%}
.number>span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-height:1.4em}
.number output{font:700 15px/1.3 ui-monospace,"DejaVu Sans Mono",monospace;color:var(--ink);border:1px solid var(--hairline);border-radius:8px;padding:9px 6px;white-space:pre;overflow-x:auto}
.number output.array{font-size:11.5px;font-weight:400}
.number output.result{background:var(--value-fill);color:var(--value);border-color:var(--value)}
.backward .number output.result{background:var(--gradient-fill);color:var(--gradient);border-color:var(--gradient-edge)}
.joint{font-size:18px;color:var(--second-text)}
.sofar{margin-top:16px;border-top:1px solid var(--hairline);padding-top:14px}
.bar{display:flex;list-style:none;margin:0;padding:0;border:1px solid var(--gradient-edge);border-radius:8px;overflow:hidden}
.bar li{flex:1 1 0;min-width:14px;padding:3px 6px;font:12px/1.4 ui-monospace,"DejaVu Sans Mono",monospace;overflow:hidden;white-space:nowrap;text-align:center}
.bar li+li{border-left:1px solid var(--gradient-edge)}
.bar li.newest{background:var(--gradient-fill);font-weight:700}
.bar li.negative{background-image:repeating-linear-gradient(135deg,transparent 0 5px,var(--hairline) 5px 6px)}
.bar li.negative span{background:var(--paper);border-radius:3px;padding:0 2px}
.bar li.negative.newest span{background:var(--gradient-fill)}
.sofar .sum{display:flex;justify-content:space-between;gap:12px;font:12.5px ui-monospace,"DejaVu Sans Mono",monospace;margin:8px 0 0}
.sofar .sum b{display:flex;gap:.6em;white-space:pre;overflow-x:auto}
.detail .uses{padding-left:18px}
.detail .uses li{margin:8px 0;overflow-x:auto}
.detail dl{display:grid;grid-template-columns:auto 1fr;gap:2px 14px;margin:8px 0}
.detail dt{color:var(--second-text)}
.detail dd{margin:0;font-family:ui-monospace,"DejaVu Sans Mono",monospace;white-space:pre;overflow-x:auto}
.orange,.detail .numeral{color:var(--gradient)}
.numeral{font-family:ui-monospace,"DejaVu Sans Mono",monospace}
.go{padding:0 10px;font-size:13px}
.detail [data-act=close]{padding:0 14px}
.controls{margin-top:16px;padding:12px 18px;display:flex;gap:20px;align-items:end;position:sticky;bottom:0;z-index:2}
.buttons{display:flex;gap:8px}
button.next{background:var(--value);border-color:var(--value);color:var(--paper);font-weight:700;padding:0 18px;display:flex;gap:10px;align-items:center;justify-content:center}
.backward button.next{background:var(--gradient);border-color:var(--gradient)}
.icon-pause,.playing .icon-play{display:none}
.playing .icon-pause{display:inline}
.timeline{flex:1;min-width:0}
.timeline p{margin:0 0 4px;font-size:13px;font-weight:700;color:var(--second-text);display:flex;justify-content:space-between;white-space:nowrap}
.timeline.ticked{display:flex;gap:14px;touch-action:none}
.ticks{flex:1 1 0;min-width:max-content}
.ticks>div{display:flex;gap:4px;width:0;min-width:100%}
.tick{flex:1 1 0;min-width:0;min-height:26px;padding:0;font-size:12px;border-color:var(--line);color:var(--second-text)}
.tick{container-type:inline-size}
@container (max-width:15px){.tick span{font-size:0}}
.tick.forward{border-radius:4px 13px 13px 4px}
.tick.backward{border-radius:13px 4px 4px 13px}
.tick.forward.done{background:var(--value-fill);border-color:var(--value);color:var(--value)}
.tick.backward.done{background:var(--gradient-fill);border-color:var(--gradient-edge);color:var(--gradient)}
.tick.forward.active{background:var(--value);border-color:var(--value);color:var(--paper);font-weight:700}
.tick.backward.active{background:var(--gradient);border-color:var(--gradient);color:var(--paper);font-weight:700}
.slider{width:100%;min-height:32px;margin:0;accent-color:var(--value)}
.backward .slider{accent-color:var(--gradient)}
@media print{.controls,.tools{display:none}.step{display:block!important}}`;

/** The drawing wears the page's colours; what it was drawn with are attributes, and weaker. */
const drawing = `
.cadena .paper{fill:none}
.cadena .node .box{fill:var(--paper);stroke:var(--line);stroke-width:1}
.cadena .node .rule{stroke:var(--line);stroke-width:1}
.cadena .node.leaf .box{fill:var(--value-fill)}
.cadena .node.constant .box{fill:var(--constant-fill)}
.cadena .node.gradient .box{fill:var(--gradient-fill)}
.cadena .node.scope .box{fill:var(--panel);stroke-width:1.4}
.cadena .node.result .box,.cadena .node.result .rule{stroke:var(--ink);stroke-width:1.8}
${[0, 1, 2, 3, 4, 5].map((k) => `.cadena .node.shade${k} .box{fill:var(--shade${k})}`).join("\n")}
.cadena .node .line{fill:var(--ink)}
.cadena .node .shape{fill:var(--second-text)}
.cadena .node .grad,.cadena .node .sum{fill:var(--gradient)}
.cadena .cluster rect{fill:var(--panel);stroke:var(--scope-border)}
.cadena .cluster text,.cadena .legend text{fill:var(--second-text)}
.cadena text[stroke]{stroke:var(--panel)}
.cadena .edge path:not(.head){stroke:var(--line);stroke-width:1}
.cadena .edge .head{fill:var(--gradient-edge);stroke:var(--gradient-edge);stroke-width:1}
.cadena .edge.dead .head{fill:none;stroke:var(--line);stroke-width:2}
.cadena .edge.value .head{fill:var(--line);stroke:var(--line)}
.cadena .edge .label{fill:var(--gradient)}
.cadena .edge.dead .label{fill:var(--second-text)}
.cadena .node,.cadena .edge{cursor:pointer}
.cadena .edge path{pointer-events:stroke}
.cadena .edge:hover path:not(.head){stroke-width:3.5}
.cadena .node.chosen .box{stroke-dasharray:none;stroke:var(--value);stroke-width:3}
.searching .node:not(.found),.searching .edge{opacity:.3}
.searching .node.found .box{stroke:var(--value);stroke-width:2.6}
#cadena-plain path{fill:var(--line)}
#cadena-active path{fill:var(--value)}`;

const steps = `
.ready .node:not(.has-grad) .grad,.ready .node:not(.has-grad) .sum{visibility:hidden}
.ready .node.todo .data,.ready .node.todo .shape{visibility:hidden}
.ready .node.todo .box,.ready .node.todo .rule{stroke-dasharray:5 3}
.ready .node.todo .name,.ready .node.todo .op{fill:var(--second-text)}
.ready .node.computes .box{fill:var(--value-fill);stroke:var(--value);stroke-width:2.6}
.ready .node.computes .rule{stroke:var(--value)}
.ready .node.computes .data{fill:var(--value);font-weight:bold}
.ready .node.sends .box,.ready .node.sends .rule{stroke:var(--gradient);stroke-width:1.6}
.ready .node.receives .box{fill:var(--gradient-fill);stroke:var(--gradient);stroke-width:2.6}
.ready .node.receives .rule{stroke:var(--gradient)}
.ready .node.receives .grad,.ready .node.receives .sum{font-weight:bold}
.ready:not(.backward) .edge .head,.ready:not(.backward) .edge .label{visibility:hidden}
.ready:not(.backward) .edge path:not(.head){stroke-dasharray:none;marker-end:url(#cadena-plain)}
.ready:not(.backward) .edge.ahead path:not(.head){stroke-dasharray:4 3}
.ready:not(.backward) .edge.enters path:not(.head){stroke:var(--value);stroke-width:2.8;marker-end:url(#cadena-active)}
.ready.backward .edge.waits path:not(.head){stroke:var(--line);stroke-dasharray:4 3;stroke-width:1}
.ready.backward .edge.waits .head{fill:var(--line);stroke:var(--line)}
.ready.backward .edge.dead.waits .head{fill:none}
.ready.backward .edge.waits .label{visibility:hidden}
.ready.backward .edge.returned path:not(.head){stroke:var(--gradient-edge);stroke-width:1.2}
.ready.backward .edge.returns path:not(.head){stroke:var(--gradient-edge);stroke-width:2.8}
.ready.backward .edge.returns .label{font-weight:bold}
.ready.backward .edge.dead.returned path:not(.head){stroke:var(--line);stroke-dasharray:4 3}
.ready.backward .edge.dead.returns path:not(.head){stroke:var(--line)}
@media (prefers-reduced-motion:no-preference){.ready .node .box{transition:fill .18s,stroke .18s}.ready .edge path{transition:stroke .18s}}`;

const phone = `
@media (max-width:1000px){.page-head .keys{display:none}.stepper main{grid-template-columns:minmax(0,1fr) 330px}}
@media (max-width:720px){
.page-head{padding:10px 14px 0}
.stepper{padding:10px 12px 0}
.stepper main{display:flex;flex-direction:column;align-items:stretch;gap:10px}
.stepper aside{position:static;gap:10px}
.canvas.wide{display:none}
.canvas.narrow{display:block;max-height:46vh;padding:8px}
.table-switch{display:block;position:absolute;right:10px;bottom:auto;margin-top:-46px}
.table{display:none}
.table-open .table{display:block}
.cards{padding:12px 14px}
.controls{flex-direction:column-reverse;align-items:stretch;gap:8px;margin:10px -12px 0;border-radius:14px 14px 0 0;padding:10px 12px calc(12px + env(safe-area-inset-bottom))}
.buttons button.next{flex:1}
.timeline p{font-size:12px}
.timeline.ticked{gap:8px}
.ticks>div{gap:2px}
.tick{border-radius:6px!important}
}`;

/** The whole style of the stepping view and of the page around it. */
export const stylesheet = (): string => [themes(), page, layout, drawing, steps, phone].join("").trim();
