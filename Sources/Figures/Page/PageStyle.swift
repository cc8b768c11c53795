/// How a page looks: light and dark, on screens of any width, and on paper.
enum PageStyle {
  /// Both palettes for the script: `{"light":{"ink":"#1a1a1a",…},"dark":…}`.
  static let palettes: String = {
    func json(_ palette: Palette) -> JSONText {
      .object(
        Color.allCases.flatMap { color -> [JSONText.Member] in
          [
            .init(key: color.rawValue, value: .text(palette.code(color))),
            .init(key: "\(color.rawValue)-fill", value: .text(palette.fillCode(color))),
          ]
        })
    }
    let both: JSONText = ["light": json(.light), "dark": json(.dark)]
    return both.encoded
  }()

  static let css: String = {
    let light = variables(.light, shade: "#d9e7e0", soft: "#f4f5f6")
    let dark = variables(.dark, shade: "#23443a", soft: "#1e2227")
    return """
      :root{color-scheme:light;\(light)}
      @media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;\(dark)}}
      :root[data-theme=dark]{color-scheme:dark;\(dark)}
      @media print{:root:root{color-scheme:light;\(light)}}
      \(rules)
      """
  }()

  private static func variables(_ palette: Palette, shade: String, soft: String) -> String {
    Color.allCases.map { "--\($0.rawValue):\(palette.code($0));--\($0.rawValue)-fill:\(palette.fillCode($0));" }.joined()
      + "--shade:\(shade);--soft:\(soft);"
  }

  private static let rules = """
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:80rem;padding:0 1.25rem 3rem;background:var(--paper);color:var(--ink);line-height:1.5;
     font-family:system-ui,-apple-system,"Segoe UI","Liberation Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
    header{display:flex;gap:1rem;justify-content:space-between;align-items:start;padding-top:1.5rem}
    h1{font-size:1.7rem;margin:0;line-height:1.25}
    h2{font-size:1.3rem;margin:2.5rem 0 .75rem;border-bottom:1px solid var(--grid);padding-bottom:.25rem}
    h3{font-size:1rem;margin:1.25rem 0 .4rem}
    section>p:not(.remark){max-width:60rem}
    section>h3+p{margin-top:.4rem}
    header p,footer,figcaption,.notes{color:var(--muted)}
    header p{margin:.25rem 0 0}
    footer{margin-top:3rem;border-top:1px solid var(--grid);font-size:.85rem}
    a{color:var(--blue)}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0}
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.25rem .5rem}
    .heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    button{font:inherit;font-size:.85rem;color:inherit;background:var(--soft);border:1px solid var(--grid);border-radius:.3rem;
     padding:.15rem .55rem;cursor:pointer}
    button:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
    #theme{flex:none}
    .verdicts{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}
    .verdict{border:1px solid var(--grid);border-left:.4rem solid var(--green);border-radius:.4rem;padding:.75rem 1rem;background:var(--soft)}
    .verdict.open{border-left-color:var(--orange)}
    .verdict.insufficient,.verdict.nothingLearned{border-left-color:var(--neutral)}
    .verdict h3{margin:0;display:flex;gap:.75rem;justify-content:space-between;align-items:baseline}
    .standing{flex:none;font-size:.8rem;font-weight:600;border:1px solid var(--muted);border-radius:1rem;padding:0 .55rem}
    .headline{font-size:1.15rem;font-weight:600;margin:.25rem 0 1rem;max-width:60rem}
    .verdict p{margin:.25rem 0;font-weight:600}
    .verdict ul{margin:.25rem 0 0;padding-left:1.1rem}
    .remark{border-left:.3rem solid var(--orange);background:var(--soft);padding:.5rem .9rem;margin:.75rem 0}
    .table{overflow-x:auto;margin:1rem 0;position:relative;container-type:inline-size}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;border-top:2px solid var(--ink);border-bottom:2px solid var(--ink)}
    .table>table{min-width:min(100%,34rem)}
    .images table{min-width:0!important}
    caption{text-align:left;padding-bottom:.4rem;color:var(--ink)}
    caption>span{display:block;position:sticky;left:0;max-width:min(100%,100vw - 2.6rem);max-width:min(100%,100cqi)}
    th,td{padding:.25rem .7rem;text-align:left;vertical-align:top;overflow-wrap:normal}
    thead th{border-bottom:1px solid var(--ink);vertical-align:bottom}
    tbody th{font-weight:400}
    sup{line-height:0}
    .whole{white-space:nowrap}
    .text{min-width:min(12rem,60vw)}
    tbody th:first-child{position:sticky;left:0;background:var(--paper);z-index:1}
    .notes{position:sticky;left:0;max-width:100cqi}
    @media (min-width:48rem){tbody th{min-width:6.5rem}}
    @media (max-width:40rem){header{flex-direction:column-reverse;gap:.25rem}#theme{align-self:end}h1{font-size:1.4rem}}
    .right{text-align:right}
    td.right{white-space:nowrap}
    .center{text-align:center}
    .shaded{background:var(--shade)}
    .swatch{padding:0 .3rem}
    .notes{font-size:.85rem}
    .notes p{margin:.15rem 0}
    figure{margin:1.5rem 0 2.5rem}
    .bar{display:flex;gap:1rem;justify-content:space-between;align-items:baseline}
    .exports{display:flex;gap:.35rem;flex:none}
    .panels{display:grid;gap:.75rem 1rem;
     grid-template-columns:repeat(auto-fill,minmax(min(100%,max(var(--least),(100% - (var(--columns) - 1)*1rem)/var(--columns))),1fr))}
    .cell{min-width:0;overflow-x:auto;overflow-y:hidden}
    .plot{overflow:hidden}
    .legend{display:flex;flex-wrap:wrap;gap:.2rem .9rem;list-style:none;padding:0;margin:.6rem 0;font-size:.85rem}
    .legend li,.legend button{display:flex;align-items:center;gap:.35rem}
    .legend button{background:none;border-color:transparent;padding:.1rem .2rem;text-align:left}
    .legend button[aria-pressed=false]{opacity:.45;text-decoration:line-through}
    .legend svg,.legend .key{flex:none}
    .key{min-width:1.1rem;text-align:right}
    figcaption{font-size:.9rem}
    figcaption p{margin:.25rem 0}
    details{margin:.35rem 0}
    summary{cursor:pointer;font-size:.85rem;color:var(--muted)}
    pre{background:var(--soft);padding:.75rem;overflow:auto;font-size:.78rem;max-height:30rem;overflow-wrap:normal}
    .images table{border:0}
    .images img{display:block;margin:0 auto;width:9rem;max-width:100%;height:auto;image-rendering:auto}
    .images td{text-align:center;min-width:9rem;max-width:13rem}
    .images thead th{text-align:center;max-width:13rem;overflow-wrap:anywhere}
    .images tbody th{vertical-align:middle}
    @media print{body{max-width:none;padding:0;font-size:10pt}nav,#theme,.exports,details:not([open]),.modebar{display:none!important}
     .cell,.verdict,tr,figure,.remark,.short{break-inside:avoid}.cell,.table{overflow:visible}caption,thead{break-after:avoid}
     .table>table{font-size:9pt;font-size:clamp(4.5pt,100cqi/var(--chars)*1.7,9pt);min-width:min(100%,26rem);max-width:100%}
     caption{font-size:8.5pt}th,td{padding:.25em .5em}tbody th{min-width:0;position:static!important}.text{min-width:0}.vast .right,.vast .whole{white-space:normal}
     .images>table{font-size:8pt}.images img{width:100%;min-width:0;max-width:9rem}.images td,.images thead th{min-width:0}
     .plot,.svg-container{width:100%!important;min-width:0!important;height:auto!important}
     .plot .main-svg{width:100%!important;height:auto!important}.plot[style*=max-width]{max-width:27rem!important}
     h2,h3{break-after:avoid}.panels{grid-template-columns:repeat(auto-fit,minmax(max(11rem,(100% - 2rem)/min(var(--columns),3) - 1px),1fr))}
     a{color:inherit;text-decoration:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

    """
}
