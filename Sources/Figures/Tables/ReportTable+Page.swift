extension ReportTable {
  /// The table as a page of its own, which opens alone and in light and dark.
  public func page() -> String {
    HTMLReport(title: title.isEmpty ? "Table" : title, sections: [.init("Table", [.table(self)])]).html(plotlyScript: "")
  }
}
