import Figures
import Foundation
import Foundations

/// The kinds of figures that the papers have no numbers for, from made-up ones, with names that are long and names that attack.
struct MadeUpFigures {
  private static let names = [
    "Scratch", "ImageNet", "ImageNet→ChestX-ray14", "MoCo-v2 (a rather long name of an initialization)",
  ]
  private static let hostile = [
    "<script>alert(1)</script>", "a & b_c % $x$ # {d} ~ ^ \\e", "=\"quoted\" 'name'", "<b>bold</b>|pipe|",
  ]

  var learningCurves: Figure {
    var generator = Noise(seed: 1)
    let tasks = ["Tuberculosis detection (TXC)", "Fourteen thorax diseases classification (DXC14)"].enumerated().map {
      number, title in
      LearningCurves.Task(
        title: title, axisTitle: "Validation AUC, %",
        curves: Self.names.enumerated().map { index, name in
          let epochs = (1...60).map(Double.init)
          return .init(
            name, epochs: epochs,
            values: epochs.map { epoch in
              let level = 78 + 4 * Double(index) + Double(number) - 14 * exp(-epoch * (0.06 + 0.04 * Double(index)))
              return Estimate(level + 0.4 * generator.next(), error: 0.6 + 2 * exp(-epoch / 10))
            })
        })
    }
    return LearningCurves(
      labels: .init(id: "learning-curves", title: "Learning curves"), tasks: tasks,
      bandMeaning: "± 1 standard deviation over the runs"
    ).figure()
  }

  /// The widest grid that a study of all built-in tasks of the papers asks for.
  var eightPanels: Figure {
    var generator = Noise(seed: 3)
    let methods = (1...14).map { "Self-supervised method \($0)" }
    return NumberedBars(
      labels: .init(id: "eight-panels", title: "Fourteen methods on eight tasks"), baseline: "Supervised ImageNet", methods: methods,
      tasks: ["DXC14", "DXC5", "TXC", "ECC", "PXS", "LXS", "VFS", "HXS"].map { name in
        .init(
          title: "A task with a long name (\(name))", axisTitle: name.hasSuffix("S") ? "Dice, %" : "AUC, %", baseline: Estimate(90, error: 0.4),
          bars: methods.indices.map { index in
            .init(Estimate(90 + 2 * generator.next(), error: 0.5), mark: index % 3 == 0 ? .none : index % 3 == 1 ? .stars(index % 4 + 1) : .notSignificant)
          })
      }
    ).figure()
  }

  var sizeCurves: Figure {
    LearningCurves(
      labels: .init(id: "size-curves", title: "Tuberculosis detection by the amount of training images"),
      tasks: [
        .init(
          title: "", axisTitle: "AUC, %",
          curves: Self.names.enumerated().map { index, name in
            .init(
              name, epochs: [0, 1, 2, 3],
              values: [0.0, 1, 2, 3].map { Estimate(70 + 4 * Double(index) + (5 - Double(index)) * $0, error: 3 - 0.8 * $0) })
          })
      ], bandMeaning: "± 1 standard deviation over the seeds",
      course: .steps(["1 %", "10 %", "50 %", "100 %"], title: "Training images"), columns: 1
    ).figure()
  }

  var labelPrice: Figure {
    let fractions = [0.01, 0.05, 0.2, 0.5, 1]
    return AmountCurves(
      labels: .init(id: "label-price", title: "What labels are worth", caption: "Made-up means."),
      tasks: ["Findings", "Lungs"].enumerated().map { number, title in
        .init(
          title: title, axisTitle: number == 0 ? "AUROC, %" : "Dice, %",
          curves: [
            .init("ImageNet", fractions: fractions, values: [61, 66, 65, 73, 78].map { Estimate($0, error: 1.5) }, fitted: [61, 65.5, 65.5, 73, 78]),
            .init("CheXpert", fractions: fractions, values: [66, 71, 75, 78, 80].map { Estimate($0, error: 1.2) }),
          ],
          ways: [
            .init("CheXpert", value: 71, from: 0.05, to: 0.38, label: "38 %"), .init("CheXpert", value: 80, from: 1, to: nil, label: "not reached"),
          ])
      }, errorMeaning: "95 % intervals for other seeds and other patients"
    ).figure()
  }

  var initializationLines: Figure {
    ParallelCoordinates(
      labels: .init(id: "over-architectures", title: "Every architecture over the tasks", caption: "Means over seeds, %. A gap has no result."),
      subject: .architectureFromInitialization, measures: ["lungs", "effusion", "vessels"].map { .init($0, decimals: 2) },
      lines: ["resnet18", "resnet50", "swinTiny"].enumerated().flatMap { number, family in
        ["random", "imagenet"].enumerated().map { rank, start in
          .init(
            "\(family) from \(start)", family: family, sizeRank: rank,
            values: [80 + Double(3 * number + 5 * rank), number == 1 && rank == 0 ? nil : 70 + Double(4 * rank - number), 60 + Double(2 * number)])
        }
      }
    ).figure()
  }

  var boxPlots: Figure {
    var generator = Noise(seed: 2)
    let tasks = ["TXC", "PXS"].map { title in
      BoxPlots.Task(
        title: title, axisTitle: title == "TXC" ? "AUC, %" : "Dice, %",
        samples: Self.names.enumerated().map { index, name in
          .init(name, values: (0..<10).map { _ in 90 + Double(index) + 1.5 * generator.next() })
        })
    }
    return BoxPlots(labels: .init(id: "box-plots", title: "The runs"), tasks: tasks).figure()
  }

  var criticalDifference: Figure {
    let items: [(String, Double)] = [
      ("SwAV", 2.1), ("DeepCluster-v2", 3.0), ("SeLa-v2", 3.2), ("Barlow Twins", 4.4), ("BYOL", 5.1),
      ("Supervised ImageNet", 6.3),
      ("ImageNet→ChestX-ray14 (continued)", 7.0), ("MoCo-v2", 8.8), ("InsDis", 9.3), ("Scratch", 9.8),
    ]
    return CriticalDifference(
      labels: .init(id: "critical-difference", title: "Average ranks over seven tasks"), items: items.map { .init($0, rank: $1) },
      cliques: [items[0...4].map(\.0), items[2...6].map(\.0), items[5...9].map(\.0)], criticalDifference: 4.3,
      test: "Friedman and Nemenyi, α = 0.05, 7 tasks"
    ).figure()
  }

  var receiverOperating: Figure {
    ReceiverOperating(
      labels: .init(id: "roc", title: "ROC curves of tuberculosis detection"),
      tasks: [
        .init(
          title: "Tuberculosis detection (TXC)",
          curves: [(2.2, "Scratch"), (5, "ImageNet"), (9, "SwAV")].map { power, name in
            let rates = (0...5000).map { Double($0) / 5000 }
            return .init(
              name, area: Estimate(power / (power + 1), error: 0.012), falsePositiveRates: rates,
              sensitivities: rates.map { Estimate(pow($0, 1 / power), error: 0.12 * $0 * (1 - $0)) })
          })
      ], bandMeaning: "95 % intervals by bootstrap over patients"
    ).figure()
  }

  var reliability: Figure {
    Reliability(
      labels: .init(id: "reliability", title: "Calibration of tuberculosis detection"),
      curves: [("Scratch", 0.7), ("ImageNet", 1.3)].map { name, power in
        .init(
          name,
          bins: (0..<10).map { bin in
            let lower = Double(bin) / 10
            let middle = lower + 0.05
            let observed = pow(middle, power)
            return .init(
              lower: lower, upper: lower + 0.1, count: bin == 4 ? 0 : 120 - 20 * min(bin, 9 - bin),
              predicted: bin == 4 ? nil : middle,
              observed: bin == 4 ? nil : Estimate(observed, lower: max(0, observed - 0.06), upper: min(1, observed + 0.05)))
          })
      }
    ).figure()
  }

  var matrix: Figure {
    let names = Self.names + ["SwAV", "Barlow Twins"]
    return Matrix(
      labels: .init(id: "matrix", title: "All comparisons"), columns: names, rows: names,
      cells: names.indices.map { row in
        names.indices.map { column in
          row == column ? nil : .pValue(pow(0.1, Double(abs(row - column))) * 0.9)
        }
      }, meaning: "p-values of Welch's t-test, two-sided, n = 10, Holm's correction: the fuller the color, the smaller."
    ).figure()
  }

  /// Every text is one that HTML, plotly or LaTeX could take for their own.
  var hostileNames: [Figure] {
    let bars = Bars(
      labels: .init(
        id: "hostile", title: "<img src=x onerror=alert(1)> & 100 % _x_ $y$ \\z", caption: "</script><script>alert(2)</script>"),
      series: Self.hostile.enumerated().map { .init($1, .bar($0)) },
      tasks: [
        .init(
          title: "</script><b>task</b> & \\textbf{x}", axisTitle: "<i>AUC</i>, % & #",
          groups: [.init("", [Estimate(1, error: 0.1), Estimate(2, error: 0.2), nil, Estimate(3, error: 0.1)])],
          brackets: [.init(from: .init(series: 0), to: .init(series: 3), label: "p < 0.05 & <u>")])
      ]
    ).figure()
    let long = HorizontalBars(
      labels: .init(id: "long-names", title: "Long names"), axisTitle: "AUC, %",
      classes: [
        .init(
          title: "One class", series: ["ImageNet→ChestX-ray14→CheXpert→MIMIC-CXR"],
          groups: [
            "Supervised ImageNet-22K, then ChestX-ray14 without labels, then CheXpert",
            "An_identifier_that_has_no_blank_anywhere_in_it_at_all", "短い名前の代わりに長い名前",
          ]
          .enumerated().map { .init($1, bars: [Estimate(80 + Double($0), error: 1)]) })
      ]
    ).figure()
    return [bars, long]
  }

  /// Small gray gradients with a bright disc, written as PNG here.
  var images: Figure {
    let columns = ["Scratch", "ImageNet", "ImageNet→ChestX-ray14"]
    let rows = ["Best", "Median", "Worst"].enumerated().map { row, name in
      ImageGrid.Row(
        name,
        images: columns.indices.map { column in
          row == 2 && column == 0
            ? nil
            : ImageGrid.Image(
              png: GrayPNG.disc(size: 96, radius: Double(16 + 6 * column + 4 * row)), altText: "\(name) case, \(columns[column])",
              label: "Dice \(90 - row * 20 + column)")
        })
    }
    return ImageGrid(
      labels: .init(id: "images", title: "Best, median and worst cases", caption: "Made-up images."), columns: columns, rows: rows
    ).figure()
  }

  var all: [Figure] {
    [learningCurves, eightPanels, sizeCurves, labelPrice, initializationLines, boxPlots, criticalDifference, receiverOperating, reliability, matrix, images] + hostileNames
  }
}

/// Noise that is the same in every run.
private struct Noise {
  private var generator: SeededGenerator

  init(seed: Int) { generator = SeededGenerator(seed: UInt64(seed)) }

  /// Between −1 and 1, with a mean of 0.
  mutating func next() -> Double { (0..<3).reduce(0) { sum, _ in sum + Double.random(in: -1...1, using: &generator) } / 3 }
}
