import Figures
import Reports

/// The published numbers by the name of their table, as figures are drawn from them.
struct Published {
  private func table(_ name: String) -> PublishedTable? { try? PublishedSet.named(name).tables.first }

  func tasks(_ name: String) -> [String] { table(name)?.tasks ?? [] }
  func initializations(_ name: String) -> [String] { table(name)?.initializations ?? [] }
  func value(_ name: String, _ task: String, _ initialization: String) -> PublishedValue? {
    table(name)?.value(task, initialization)
  }
}

extension PublishedValue.Mark {
  /// How a figure draws it; p-values are written at brackets instead.
  var drawn: SignificanceMark {
    switch self {
    case .notSignificant: .notSignificant
    case .stars(let count): .stars(count)
    case .best, .equivalent, .p: .none
    }
  }
}
