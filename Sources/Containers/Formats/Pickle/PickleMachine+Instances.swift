/// What the machine makes of calls and classes. Nothing is called; a name stands for what the call would have given.
extension PickleMachine {
  /// The object that a REDUCE or NEWOBJ stands for: a dictionary, an array, or something inert.
  mutating func instance(of callable: PickleValue, arguments: PickleValue) throws -> PickleValue {
    guard let items = graph.sequence(arguments) else { throw malformed("a call has no list of arguments") }
    guard case .object(let index) = callable else { return try make(PickleObject(kind: .opaque("object"), items: items)) }
    switch graph.objects[index].kind {
    case .global(let name):
      if let known = try container(name, items) ?? torchInstance(name, items) ?? numpyInstance(name, items) { return known }
      graph.note(called: name)
      return try make(PickleObject(kind: .opaque(name), items: items))
    case .tupleClass(let fields): return try namedTuple(fields, items)
    // An opaque object used as a callable stays what it is.
    case .opaque(let name): return try make(PickleObject(kind: .opaque(name), items: items))
    default: return try make(PickleObject(kind: .opaque("object"), items: items))
    }
  }

  /// Dictionaries, lists, sets and named tuples of Python and of libraries that wrap them.
  private mutating func container(_ name: String, _ items: [PickleValue]) throws -> PickleValue? {
    switch name {
    case "collections.OrderedDict", "builtins.dict", "__builtin__.dict", "haiku._src.data_structures.frozendict",
      "haiku._src.data_structures.FlatMapping", "haiku._src.data_structures.FlatMap", "flax.core.frozen_dict.FrozenDict":
      return try dictionary(items.first)
    case "collections.defaultdict": return try dictionary(items.dropFirst().first)
    case "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset", "torch.Size",
      "builtins.list", "__builtin__.list", "builtins.tuple", "__builtin__.tuple":
      let kind: PickleObject.Kind = name.hasSuffix("set") ? .set : .tuple
      return try make(PickleObject(kind: kind, items: items.first.flatMap { graph.sequence($0) } ?? []))
    // (class name, field names, module, …): dill rebuilds named tuples that were defined in a script.
    case "dill._dill._create_namedtuple", "dill.dill._create_namedtuple", "collections.namedtuple":
      guard let fields = items.dropFirst().first.flatMap({ fieldNames($0) }) else {
        throw malformed("a named tuple has no names of fields")
      }
      return try make(PickleObject(kind: .tupleClass(fields)))
    default:
      guard let last = name.split(separator: ".").last, Self.byolStates.contains(String(last)) else { return nil }
      return try namedTuple(Self.byolFields, items)
    }
  }

  /// BYOL's published state, where the pickle names the class and not its fields.
  private static let byolStates: Set = ["BYOLState", "_ByolExperimentState"]
  private static let byolFields = ["online_params", "target_params", "online_state", "target_state", "opt_state"]

  private func fieldNames(_ value: PickleValue) -> [String]? {
    guard let items = graph.sequence(value), items.count <= 256 else { return nil }
    var names: [String] = []
    for item in items {
      guard case .text(let name) = item else { return nil }
      names.append(name)
    }
    return names
  }

  /// A named tuple, as the dictionary of its fields.
  private mutating func namedTuple(_ fields: [String], _ items: [PickleValue]) throws -> PickleValue {
    guard fields.count == items.count else {
      throw malformed("a named tuple of \(fields.count) fields has \(items.count) values")
    }
    let pairs = zip(fields, items).flatMap { [PickleValue.text($0), $1] }
    return try make(PickleObject(kind: .dictionary, items: pairs))
  }

  /// A dictionary from nothing, from another one, or from a list of pairs (as Python 2 wrote ordered dictionaries).
  private mutating func dictionary(_ content: PickleValue?) throws -> PickleValue {
    guard let content, let object = graph.object(content) else { return try make(PickleObject(kind: .dictionary)) }
    if case .dictionary = object.kind { return try make(PickleObject(kind: .dictionary, items: object.items)) }
    var items: [PickleValue] = []
    for pair in graph.sequence(content) ?? [] {
      guard let pair = graph.sequence(pair), pair.count == 2 else { throw malformed("a dictionary's item is no pair") }
      items += pair
    }
    return try make(PickleObject(kind: .dictionary, items: items))
  }
}
