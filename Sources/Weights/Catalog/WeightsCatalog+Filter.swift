internal import Containers
internal import Foundations

extension WeightsCatalog {
  /// The entries of a method and an architecture, or of all.
  ///
  /// - Throws: `WeightsError` that names the nearest method or architecture that some entry has.
  public static func entries(method: String? = nil, architecture: String? = nil) throws -> [WeightsEntry] {
    let (methods, architectures) = (distinct(all.map(\.method)), distinct(all.map(\.architecture)))
    if let method, !methods.contains(method) { throw WeightsError.noEntry(of: "method", method, known: methods) }
    if let architecture, !architectures.contains(architecture) {
      throw WeightsError.noEntry(of: "architecture", architecture, known: architectures)
    }
    return all.filter { entry in
      (method ?? entry.method) == entry.method && (architecture ?? entry.architecture) == entry.architecture
    }
  }
}

extension WeightsError {
  fileprivate static func noEntry(of kind: String, _ name: String, known: [String]) -> WeightsError {
    WeightsError(.unknownEntry, "No catalog entry has the \(kind) “\(name)”.", remedy: suggestion(for: name, in: known))
  }
}
