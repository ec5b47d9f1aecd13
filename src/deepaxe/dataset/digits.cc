#include "deepaxe/dataset/digits.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "deepaxe/base/parallel.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/dataset/canvas.h"
#include "deepaxe/dataset/glyphs.h"

namespace deepaxe::dataset {
namespace {

constexpr std::size_t kPixels = std::size_t{kDigitsSide} * kDigitsSide;
constexpr double kGlyphHeight = 18.5;  // Pixels of an undistorted unit box.

// How far images stray from the glyph. With these a softmax regression stays near nine of ten
// and a LeNet-5 near 98.5 %: data/README.md has the figures.
constexpr double kPointJitter = 0.048;     // Standard deviation of a control point, unit box.
constexpr double kElasticShift = 0.12;     // Standard deviation of a knot of the displacement.
constexpr double kHalfTurnTangent = 0.14;  // tan(angle / 2): up to about 19 degrees.
constexpr double kShear = 0.25;
constexpr double kShiftPixels = 1.3;
constexpr double kDistractorChance = 0.15;
constexpr double kSpeckleChance = 0.15;

// The streams of one seed: one for each image, and one for the order of labels of a split.
std::uint64_t stream_of(DigitsSplit split, bool labels, std::uint64_t index) {
  return (split == DigitsSplit::kTrain ? 1ULL << 62 : 0) | (labels ? 1ULL << 61 : 0) | index;
}

// Draws in sequence from one image's stream.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream) : rng_(seed, stream) {}

  double uniform(double low, double high) { return low + (high - low) * rng_.unit(next_++); }
  bool chance(double probability) { return rng_.unit(next_++) < probability; }
  std::size_t below(std::size_t bound) { return rng_.below(bound, next_++); }

  // Mean 0, variance 1: four uniforms added (each has variance 1/12), near enough to a Gaussian.
  double bell() {
    double sum = 0;
    for (const std::uint32_t word : rng_.words(next_++)) sum += word * 0x1.0p-32 - 0.5;
    return sum * 1.7320508075688772;  // sqrt(12 / 4).
  }

 private:
  base::CounterRng rng_;
  std::uint64_t next_ = 0;
};

// A smooth displacement: uniform cubic B-spline over a coarse grid of random knots.
class ElasticField {
 public:
  explicit ElasticField(Draws& draws) {
    for (Point& knot : knots_) knot = {kElasticShift * draws.bell(), kElasticShift * draws.bell()};
  }
  Point displaced(Point p) const {
    const auto [column, wx] = weights(p.x);
    const auto [row, wy] = weights(p.y);
    Point result = p;
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        const Point& knot = knots_[(row + i) * kKnots + column + j];
        result.x += wy[i] * wx[j] * knot.x;
        result.y += wy[i] * wx[j] * knot.y;
      }
    }
    return result;
  }

 private:
  static constexpr std::size_t kKnots = 6;  // Three intervals over the box.

  static std::pair<std::size_t, std::array<double, 4>> weights(double position) {
    const double scaled = std::clamp(position, 0.0, 0.9999) * static_cast<double>(kKnots - 3);
    const auto interval = static_cast<std::size_t>(scaled);
    const double t = scaled - static_cast<double>(interval), u = 1 - t;
    return {interval,
            {u * u * u / 6, (3 * t * t * t - 6 * t * t + 4) / 6,
             (3 * u * u * u - 6 * u * u + 4) / 6, t * t * t / 6}};
  }

  std::array<Point, kKnots * kKnots> knots_;
};

// Rotation, shear, scale, aspect and shift: from the unit box to pixels.
class Placement {
 public:
  explicit Placement(Draws& draws) {
    // The rational form of a rotation needs no sine, whose last digit differs between libraries.
    const double t = draws.uniform(-kHalfTurnTangent, kHalfTurnTangent);
    const double cosine = (1 - t * t) / (1 + t * t), sine = 2 * t / (1 + t * t);
    const double shear = draws.uniform(-kShear, kShear);
    const double height = kGlyphHeight * draws.uniform(0.85, 1.12);
    const double width = height * draws.uniform(0.80, 1.12);
    xx_ = cosine * width;
    xy_ = (cosine * shear - sine) * height;
    yx_ = sine * width;
    yy_ = (sine * shear + cosine) * height;
    shift_ = {kDigitsSide / 2.0 + draws.uniform(-kShiftPixels, kShiftPixels),
              kDigitsSide / 2.0 + draws.uniform(-kShiftPixels, kShiftPixels)};
  }
  Point placed(Point p) const {
    const double x = p.x - 0.5, y = p.y - 0.5;
    return {shift_.x + xx_ * x + xy_ * y, shift_.y + yx_ * x + yy_ * y};
  }

 private:
  double xx_ = 0, xy_ = 0, yx_ = 0, yy_ = 0;
  Point shift_;
};

Point on_catmull_rom(std::span<const Point, 4> p, double t) {
  const auto blend = [t](double a, double b, double c, double d) {
    return 0.5 *
           (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
  };
  return {blend(p[0].x, p[1].x, p[2].x, p[3].x), blend(p[0].y, p[1].y, p[2].y, p[3].y)};
}

// Short pieces along the stroke, so that a displacement bends straight lines too.
std::vector<Point> flatten(const Stroke& stroke) {
  constexpr int kPieces = 6;
  const std::vector<Point>& points = stroke.points;
  const auto point = [&](std::size_t i) { return points[std::min(i, points.size() - 1)]; };
  std::vector<Point> line;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const std::array<Point, 4> around = {point(i == 0 ? 0 : i - 1), point(i), point(i + 1),
                                         point(i + 2)};
    for (int piece = 0; piece < kPieces; ++piece) {
      const double t = piece / double{kPieces};
      line.push_back(stroke.smooth ? on_catmull_rom(around, t)
                                   : Point{around[1].x + t * (around[2].x - around[1].x),
                                           around[1].y + t * (around[2].y - around[1].y)});
    }
  }
  line.push_back(points.back());
  return line;
}

void draw_glyph(Canvas& canvas, Glyph glyph, Draws& draws) {
  const ElasticField field(draws);
  const Placement placement(draws);
  const double radius = draws.uniform(0.65, 1.75);
  const double ink = draws.uniform(0.70, 1.0);
  for (Stroke& stroke : glyph) {
    for (Point& p : stroke.points) {
      p = {p.x + kPointJitter * draws.bell(), p.y + kPointJitter * draws.bell()};
    }
    std::vector<Point> line = flatten(stroke);
    for (Point& p : line) p = placement.placed(field.displaced(p));
    const double first = radius * draws.uniform(0.8, 1.2);  // Drawn before the call: the order in
    const double last = radius * draws.uniform(0.8, 1.2);  // which arguments are evaluated is free.
    canvas.draw(line, first, last, ink);
  }
}

// A short line of another character at the border of the image.
void draw_distractor(Canvas& canvas, Draws& draws) {
  const double along = draws.uniform(2, kDigitsSide - 2), depth = draws.uniform(0.5, 3.5);
  const double length = draws.uniform(2, 8);
  const std::size_t border = draws.below(4);
  const double across = border % 2 == 0 ? depth : kDigitsSide - depth;
  const std::array<Point, 2> line =
      border < 2 ? std::array<Point, 2>{Point{along, across}, Point{along + length, across}}
                 : std::array<Point, 2>{Point{across, along}, Point{across, along + length}};
  canvas.draw(line, 0.6, 0.9, draws.uniform(0.4, 0.9));
}

void add_noise(Canvas& canvas, Draws& draws) {
  const double amplitude = draws.uniform(0, 0.10);
  for (double& value : canvas.values()) value += amplitude * draws.bell();
  if (!draws.chance(kSpeckleChance)) return;
  for (std::size_t i = 0; i < 12; ++i) {
    const std::size_t pixel = draws.below(kPixels);
    canvas.values()[pixel] = draws.uniform(0, 0.9);
  }
}

int label_of(std::uint64_t seed, DigitsSplit split, std::uint64_t index) {
  std::array<int, 10> order{};
  std::iota(order.begin(), order.end(), 0);
  Draws draws(seed, stream_of(split, true, index / 10));
  for (std::size_t i = 9; i > 0; --i) std::swap(order[i], order[draws.below(i + 1)]);
  return order[index % 10];
}

}  // namespace

ImageSet make_digits(std::uint64_t seed, DigitsSplit split, std::size_t count, int num_threads) {
  ImageSet images{.height = kDigitsSide,
                  .width = kDigitsSide,
                  .channels = 1,
                  .bytes = {},
                  .values = {},
                  .labels = std::vector<int>(count)};
  images.bytes.resize(count * kPixels);
  base::parallel_for(count, num_threads, [&](std::size_t index, int) {
    const int digit = label_of(seed, split, index);
    Draws draws(seed, stream_of(split, false, index));
    const std::vector<Glyph>& styles = glyph_styles(digit);
    Canvas canvas(kDigitsSide);
    draw_glyph(canvas, styles[draws.below(styles.size())], draws);
    if (draws.chance(kDistractorChance)) draw_distractor(canvas, draws);
    canvas.blur(draws.uniform(0, 0.12));
    add_noise(canvas, draws);
    canvas.write_to(std::span(images.bytes).subspan(index * kPixels, kPixels));
    images.labels[index] = digit;
  });
  return images;
}

}  // namespace deepaxe::dataset
