internal import Foundation

/// A value on the pickle machine's stack. Composite values are indices into the graph, so that a file can neither make a
/// chain of references deep enough to exhaust the call stack when it is freed, nor a cycle that is never freed.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// Text too long to be a name, as the range of its UTF-8 in the source. It is not read unless an array needs it.
  case longText(Range<Int>)
  /// Raw bytes, as their range in the source.
  case bytes(Range<Int>)
  case object(Int)
}

/// Where the bytes of a NumPy array are.
enum PickleBuffer: Sendable {
  case memory(Data)
  /// As they are, in this range of the source.
  case stored(Range<Int>)
  /// As text in this range of the source, whose code points are the bytes: Python 3 writes bytes so in protocol 2.
  case latin1(Range<Int>)
}

/// The numbers behind a tensor, before any of it is checked against the file.
struct PickleStorage: Sendable {
  var key: String
  var type: StorageType
  /// In elements, of the whole storage.
  var count: Int
  /// The part of the storage that this one is, in elements; nil for all of it.
  var view: Range<Int>?
}

/// A tensor: a strided view of a storage, in elements.
struct PickleTensor: Sendable {
  var storage: PickleStorage
  var elementType: ElementType
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}

/// A NumPy array: dense, in either order of dimensions.
struct PickleArray: Sendable {
  var element: PickleElement
  var shape: [Int]
  /// True when the first dimension is the one whose neighbors are stored next to each other.
  var isFortran: Bool
  var content: PickleBuffer
}

/// A NumPy dtype.
struct PickleElement: Sendable {
  /// Nil for what no tensor holds: texts, records, Python objects.
  var type: ElementType?
  var isBigEndian = false
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
    /// A class of named tuples, by the names of its fields.
    case tupleClass([String])
    case storage(PickleStorage)
    case tensor(PickleTensor)
    case element(PickleElement)
    case buffer(PickleBuffer)
    /// A NumPy array that BUILD has not filled yet.
    case unfilledArray
    case array(PickleArray)
  }

  var kind: Kind
  var items: [PickleValue] = []
  /// What BUILD attached to an opaque object.
  var state: PickleValue = .none
}

/// All objects that a pickle made, and which of them is its result.
struct PickleGraph: Sendable {
  var objects: [PickleObject] = []
  /// Elements of all collections together.
  var itemCount = 0
  var result: PickleValue = .none
  /// Classes and functions that a pickle calls and that are none of PyTorch's, NumPy's or Python's collections, in their order, each once.
  private(set) var calledNames: [String] = []

  /// As many as a person reads, so that no file makes the list long.
  private static let calledNameLimit = 100
  /// What builds networks, arrays and optimizers: whole modules, devices, types.
  private static let usual = ["torch.nn.", "torch.optim.", "torch.device", "torch.dtype", "torch.Size", "numpy.", "collections.", "__torch__."]

  /// Notes that a name was called, which is never done.
  mutating func note(called name: String) {
    guard calledNames.count < Self.calledNameLimit, !calledNames.contains(name), !Self.usual.contains(where: name.hasPrefix) else { return }
    calledNames.append(name)
  }

  func object(_ value: PickleValue) -> PickleObject? {
    if case .object(let index) = value { return objects[index] }
    return nil
  }

  /// The elements of a tuple or a list.
  func sequence(_ value: PickleValue) -> [PickleValue]? {
    guard case .object(let index) = value else { return nil }
    switch objects[index].kind {
    case .tuple, .list: return objects[index].items
    default: return nil
    }
  }

  /// The elements of a tuple or a list that are all whole numbers, and no more than an array has dimensions: a longer
  /// list is nil, so that no file makes the machine copy it again and again.
  func dimensions(_ value: PickleValue) -> [Int]? {
    guard let items = sequence(value), items.count <= Extent.maximumRank else { return nil }
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
