extension ContainerKind {
  public static let plainPickle = ContainerKind(PlainPickleContainer.self)
}

/// Reads a bare pickle of NumPy arrays in dictionaries, lists and named tuples, as JAX and older projects publish weights.
/// The arrays' bytes are inside the pickle and are stepped over until they are asked for.
enum PlainPickleContainer: SingleFileContainer {
  static let name = "plainPickle", shortName = "pickle", description = "a plain Python pickle"

  static func recognizes(_ signature: Signature) -> Bool { signature.isPickle }

  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    var machine = PickleMachine(PickleInput(source))
    let graph = try machine.run()
    guard machine.input.remaining == 0 else {
      throw ContainersError.malformed(kind, "\(machine.input.remaining) bytes follow its end")
    }
    var builder = PickleTreeBuilder(graph: graph, pickle: source) { _ in nil }
    return CheckpointContents(root: try builder.root(), calledNames: graph.calledNames)
  }
}
