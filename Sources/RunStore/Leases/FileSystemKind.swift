public import Foundation

/// What kind of file system a folder is on, as far as locks go.
public struct FileSystemKind: Hashable, Sendable {
  /// As people call it, such as “NFS”.
  public let name: String
  /// Whether one system alone has it mounted, whose locks then hold for everyone. What is not known is not.
  public let isLocal: Bool

  /// Of a folder that is there; nil where the system does not say.
  public static func of(_ folder: URL) -> FileSystemKind? { of(path: folder.path) }

  static func of(path: String) -> FileSystemKind? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    #if os(Linux)
      guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return nil }
      return kind(of: String(cString: real), mounts: mounts)
    #else
      var status = statfs()
      guard statfs(real, &status) == 0 else { return nil }
      let name = withUnsafePointer(to: &status.f_fstypename) { $0.withMemoryRebound(to: CChar.self, capacity: 16) { String(cString: $0) } }
      return FileSystemKind(name: name, isLocal: status.f_flags & UInt32(MNT_LOCAL) != 0)
    #endif
  }

  /// - Parameter mounts: lines as `36 35 98:0 /root /mount/point options … - type source options`, the later of two mounts at one place the
  ///   one that counts; white space in a place is written in octal.
  package static func kind(of path: String, mounts: String) -> FileSystemKind? {
    var best: (length: Int, type: String)?
    for line in mounts.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 6, let dash = words.firstIndex(of: "-"), dash + 1 < words.count else { continue }
      let place = words[4].replacingOccurrences(of: "\\040", with: " ")
      guard place == "/" || path == place || path.hasPrefix(place + "/"), place.utf8.count >= best?.length ?? 0 else { continue }
      best = (place.utf8.count, String(words[dash + 1]))
    }
    return best.map { FileSystemKind(name: names[$0.type] ?? $0.type, isLocal: local.contains($0.type)) }
  }

  private static let local: Set<String> = [
    "ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "ramfs", "overlay", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "vfat", "exfat", "ntfs3",
  ]
  private static let names = [
    "nfs": "NFS", "nfs4": "NFS", "cifs": "SMB", "smb3": "SMB", "lustre": "Lustre", "gpfs": "GPFS", "beegfs": "BeeGFS", "ceph": "CephFS", "9p": "9P",
    "overlay": "overlayfs",
  ]

  /// What whoever runs a study there should know; nil for a local one.
  public func remark(on folder: URL) -> String? {
    if isLocal { return nil }
    return "\(folder.path) is on \(name), where a lock may hold on one machine alone; the runs of several machines are kept apart by claims. "
      + "Prove it there once: srun -N2 medtransfer verify lease \(folder.path)"
  }
}
