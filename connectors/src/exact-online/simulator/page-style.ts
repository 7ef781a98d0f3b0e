export const css = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#f6f7f6,#111413);color:light-dark(#161a19,#e8ebea)}
main{max-width:72rem;margin:0 auto;padding:24px 16px 48px}h1{font-size:1.375rem;margin:0 0 4px}h2{font-size:1.0625rem;margin:32px 0 8px}p.sub{margin:0;color:light-dark(#565e5a,#a7afac)}
.sheet{background:light-dark(#fff,#181c1b);border:1px solid light-dark(#d3d8d5,#3d4442);border-radius:8px;overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:44rem}th,td{padding:7px 12px;text-align:left;vertical-align:top}th{font-weight:600;font-size:.8125rem;color:light-dark(#565e5a,#a7afac)}
tr+tr td,thead+tbody td{border-top:1px solid light-dark(#e8ebe9,#292f2d)}tr.line td{border-top:0;padding-block:2px;color:light-dark(#565e5a,#a7afac)}tr.line:has(+tr:not(.line)) td,tr.line:last-child td{padding-bottom:9px}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.keep{white-space:nowrap}.none{padding:16px;color:light-dark(#565e5a,#a7afac)}.bad{color:light-dark(#ad2a22,#f59a90);font-weight:600}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:0 24px}.two table{min-width:0}
details{margin:2px 0}summary{cursor:pointer;color:light-dark(#1f5d4c,#8fd3bd);font-size:.875rem;min-height:24px}
form{display:flex;flex-wrap:wrap;gap:6px 8px;align-items:end;margin:6px 0}form.row{display:inline-flex;margin:0 6px 6px 0}
label{display:grid;gap:2px;font-size:.75rem;color:light-dark(#565e5a,#a7afac)}input,select{font:inherit;font-size:.875rem;padding:4px 6px;min-height:30px;border:1px solid light-dark(#8b938f,#6b7370);border-radius:5px;background:light-dark(#fff,#111413);color:inherit;max-width:11rem}
button{font:inherit;font-size:.875rem;padding:4px 10px;min-height:30px;border:1px solid light-dark(#8b938f,#6b7370);border-radius:5px;background:light-dark(#f0f3f1,#232927);color:inherit;cursor:pointer}button:hover{background:light-dark(#e3e8e5,#2d3432)}:focus-visible{outline:2px solid light-dark(#1f5d4c,#8fd3bd);outline-offset:1px}
.hands{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:12px 24px;padding:12px 16px}.hands h3{font-size:.9375rem;margin:0 0 2px}.said{margin:16px 0 0;padding:10px 14px;border-radius:8px;border:1px solid light-dark(#ad2a22,#f59a90)}`
