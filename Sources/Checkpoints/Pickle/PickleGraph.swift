/// A value on the pickle machine's stack. Composite values are indices into the graph, so that a file can neither make a
/// chain of references deep enough to exhaust the call stack when it is freed, nor a cycle that is never freed.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// Raw bytes, as their range in the pickle.
  case bytes(Range<Int>)
  case object(Int)
}

/// The numbers behind a tensor, before any of it is checked against the file.
struct PickleStorage: Sendable {
  var key: String
  /// Nil for an untyped storage, which counts bytes.
  var elementType: ElementType?
  var count: Int
}

/// A tensor: a strided view of a storage, in elements.
struct PickleTensor: Sendable {
  var storage: PickleStorage
  var elementType: ElementType
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}

/// A composite value of a pickle.
struct PickleObject: Sendable {
  indirect enum Kind: Sendable {
    case list, tuple, set
    /// `items` alternates keys and values.
    case dictionary
    /// A Python class or function by name. It is never looked up, let alone called.
    case global(String)
    /// What calling or instantiating a global that is not a tensor's would have given; `items` are the arguments.
    case opaque(String)
    case storage(PickleStorage)
    case tensor(PickleTensor)
  }

  var kind: Kind
  var items: [PickleValue] = []
  /// What BUILD attached to an opaque object.
  var state: PickleValue = .none
}

/// All objects that a pickle made, and which of them is its result.
struct PickleGraph: Sendable {
  var objects: [PickleObject] = []
  var result: PickleValue = .none

  func object(_ value: PickleValue) -> PickleObject? {
    if case .object(let index) = value { return objects[index] }
    return nil
  }

  /// The elements of a tuple or a list.
  func sequence(_ value: PickleValue) -> [PickleValue]? {
    switch object(value)?.kind {
    case .tuple, .list: object(value)?.items
    default: nil
    }
  }

  /// The elements of a tuple or a list that are all whole numbers.
  func integers(_ value: PickleValue) -> [Int]? {
    guard let items = sequence(value) else { return nil }
    var numbers: [Int] = []
    for item in items {
      guard case .integer(let number) = item else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  func global(_ value: PickleValue) -> String? {
    if case .global(let name) = object(value)?.kind { return name }
    return nil
  }
}
