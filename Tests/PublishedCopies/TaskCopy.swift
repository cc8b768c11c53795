package import Foundation

/// The generated copy of one built-in task's data.
package struct TaskCopy: Sendable, CustomStringConvertible {
  /// The task's name.
  package let task: String
  /// How many images of it count.
  package let images: Int
  private let published: @Sendable (URL) throws -> Void
  private let reduced: @Sendable (URL) throws -> Void

  /// - Parameter reduced: The same with smaller pictures; nil where the published ones are small.
  private init(
    _ task: String, images: Int, reduced: (@Sendable (URL) throws -> Void)? = nil, _ published: @escaping @Sendable (URL) throws -> Void
  ) {
    self.task = task
    self.images = images
    self.published = published
    self.reduced = reduced ?? published
  }

  package var description: String { task }

  /// Writes it below a folder.
  ///
  /// - Parameter isReduced: Whether pictures are smaller than the published ones where those take long to decode.
  package func write(to root: URL, isReduced: Bool) throws { try isReduced ? reduced(root) : published(root) }

  /// One a task, in the order of the catalog of tasks.
  package static let all: [TaskCopy] = [
    TaskCopy("DXC14", images: 48, reduced: { try TaskCopies.chestXray14(in: $0, side: 48) }) { try TaskCopies.chestXray14(in: $0) },
    TaskCopy("DXC5", images: 46, TaskCopies.cheXpert),
    TaskCopy("TXC", images: 24, TaskCopies.shenzhen),
    TaskCopy("VinDrCXR", images: 28, TaskCopies.vinDrCXR),
    TaskCopy("VinDrCXR-2025", images: 28, TaskCopies.vinDrLists),
    TaskCopy("MIMIC-CXR", images: 25, TaskCopies.mimicCXR),
    TaskCopy("PadChest", images: 40, TaskCopies.padChest),
    TaskCopy("TBX11K", images: 33, reduced: { try TaskCopies.tbx11k(in: $0, side: 56) }) { try TaskCopies.tbx11k(in: $0) },
    TaskCopy("COVID-Radiography", images: 40, reduced: { try TaskCopies.covidRadiography(in: $0, side: 60) }) {
      try TaskCopies.covidRadiography(in: $0)
    },
    TaskCopy("COVIDx9A", images: 33) { try TaskCopies.covidx(in: $0, isCXR4: false) },
    TaskCopy("COVIDx-CXR4", images: 39) { try TaskCopies.covidx(in: $0, isCXR4: true) },
    TaskCopy("ECC", images: 24, reduced: { try GeneratedEmbolism.write(studies: 8, slices: 3, to: $0) }) {
      try GeneratedEmbolism.write(studies: 8, slices: 3, size: 512, to: $0)
    },
    TaskCopy("PXS", images: 12, reduced: { try TaskCopies.siimACR(in: $0, side: 64) }) { try TaskCopies.siimACR(in: $0) },
    TaskCopy("LXS", images: 10, reduced: { try TaskCopies.montgomery(in: $0, sizes: [[64, 48], [48, 64]]) }) {
      try TaskCopies.montgomery(in: $0, sizes: [[4892, 4020]], isDeep: false)
    },
    TaskCopy("VFS", images: 9, reduced: { try TaskCopies.drive(in: $0, width: 57, height: 58) }) { try TaskCopies.drive(in: $0) },
    TaskCopy("SCR", images: 12, reduced: { try TaskCopies.scr(in: $0, side: 64, raw: []) }) { try TaskCopies.scr(in: $0) },
    TaskCopy("HXS", images: 12, reduced: { try TaskCopies.scr(in: $0, side: 64, raw: []) }) { try TaskCopies.scr(in: $0) },
    TaskCopy("CXS", images: 12, reduced: { try TaskCopies.scr(in: $0, side: 64, raw: []) }) { try TaskCopies.scr(in: $0) },
    TaskCopy("LXS-JSRT", images: 12, reduced: { try TaskCopies.scr(in: $0, side: 64, raw: []) }) { try TaskCopies.scr(in: $0) },
    TaskCopy("BUSI", images: 14, TaskCopies.busi),
    archive("PathMNIST", channels: 3, classes: 9),
    archive("ChestMNIST", channels: 1, labels: 14, classes: 14),
    archive("DermaMNIST", channels: 3, classes: 7),
    archive("OCTMNIST", channels: 1, classes: 4),
    archive("PneumoniaMNIST", channels: 1, classes: 2),
    archive("RetinaMNIST", channels: 3, classes: 5),
    archive("BreastMNIST", channels: 1, classes: 2),
    archive("BloodMNIST", channels: 3, classes: 8),
    archive("TissueMNIST", channels: 1, classes: 8),
    archive("OrganAMNIST", channels: 1, classes: 11),
    archive("OrganCMNIST", channels: 1, classes: 11),
    archive("OrganSMNIST", channels: 1, classes: 11),
  ]

  private static func archive(_ task: String, channels: Int, labels: Int = 1, classes: Int) -> TaskCopy {
    TaskCopy(task, images: 4 * classes) {
      try TaskCopies.medMNIST("\(task.lowercased()).npz", in: $0, channels: channels, labels: labels, classes: classes)
    }
  }
}
