public import Containers
public import Vocabulary

/// Published weights: everything that is known of them without the file. A record, a line of the catalog.
public struct WeightsEntry: Identifiable, Sendable {
  /// How much of the entry was seen in the publisher's code or files, and how much is taken from descriptions.
  public enum Verification: String, Codable, Sendable {
    /// The layout was read in the code that wrote or reads the file.
    case fromCode
    /// The layout follows from descriptions; the file may differ, and then is refused.
    case unverified
  }

  /// The published file.
  public struct File: Codable, Hashable, Sendable {
    /// Its name as published.
    public let name: String
    /// Where it is published. A page to visit where `isDirect` is false.
    public let address: String?
    /// Whether `address` gives the file itself to whoever asks.
    public let isDirect: Bool
    /// `sha256:HEX` or `md5:HEX`, whole or the first digits, as far as the publisher gives it.
    public let checksum: String?
    /// What a person must know to get it: a form to fill in, a folder to open.
    public let note: String?

    public init(_ name: String, address: String?, isDirect: Bool = true, checksum: String? = nil, note: String? = nil) {
      self.name = name
      self.address = address
      self.isDirect = isDirect
      self.checksum = checksum
      self.note = note
    }
  }

  /// A published list of images that weights were trained on.
  public struct TrainingImages: Codable, Hashable, Sendable {
    /// The list's file name.
    public let list: String
    /// Where it is published.
    public let address: String
    /// What the list is of, and how sure it is that the weights were trained on just these.
    public let note: String

    public init(list: String, address: String, note: String) {
      (self.list, self.address, self.note) = (list, address, note)
    }

    /// `train_val_list.txt, https://…`
    public var words: String { "\(list), \(address)" }
  }

  /// The name in studies, folders and commands, such as `moco-v2`.
  public let id: String
  /// The name in tables and figures, such as `MoCo-v2`.
  public let title: String
  /// How the weights were trained: `supervised`, or the self-supervised method's name.
  public let method: String
  /// What they were trained on, in order: `["ImageNet-1K", "ChestX-ray14"]`. A target task made of any of them is not applicable.
  public let trainedOn: [String]
  /// The id in the catalog of architectures.
  public let architecture: String
  public let file: File
  /// The container the file is expected in; what it is in truth is seen from its bytes.
  public let container: ContainerKind
  /// Where the network's arrays are in the file and how their names and axes become torchvision's.
  public let layout: KeyLayout
  public let preprocessing: PreprocessingCard
  /// What the authors' network computed; `.torchvision` for most. Nil where it is known to differ and is not offered: `remark` says how.
  public let arithmeticAsTrained: Arithmetic?
  /// Top-1 accuracy on ImageNet of a linear classifier on the frozen features, in percent, as published.
  public let linearAccuracy: Double?
  public let license: String
  /// The paper's short citation with its arXiv number or DOI.
  public let paper: String
  public let verification: Verification
  /// What else the authors' network or images had that is not done here, in a sentence; nil when there is nothing.
  public let remark: String?
  /// The list of the images that the weights were trained on, where one is published; a study that has the file names it as
  /// `trainingImages`.
  public let trainingImages: TrainingImages?

  public init(
    id: String, title: String, method: String, trainedOn: [String], architecture: String = "resnet50", file: File,
    container: ContainerKind, layout: KeyLayout, preprocessing: PreprocessingCard = .imageNet,
    arithmeticAsTrained: Arithmetic? = .torchvision, linearAccuracy: Double? = nil, license: String, paper: String,
    verification: Verification, remark: String? = nil, trainingImages: TrainingImages? = nil
  ) {
    self.id = id
    self.title = title
    self.method = method
    self.trainedOn = trainedOn
    self.architecture = architecture
    self.file = file
    self.container = container
    self.layout = layout
    self.preprocessing = preprocessing
    self.arithmeticAsTrained = arithmeticAsTrained
    self.linearAccuracy = linearAccuracy
    self.license = license
    self.paper = paper
    self.verification = verification
    self.remark = remark
    self.trainingImages = trainingImages
  }
}
