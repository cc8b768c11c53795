#include "CDistributions.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/complement.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <limits>

namespace {

namespace math = boost::math;
namespace policies = boost::math::policies;

// A result too small or too large for float64 is 0 or infinity, which the caller can tell; all else that goes wrong throws.
using InLongDouble = policies::policy<
    policies::underflow_error<policies::ignore_error>, policies::denorm_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>>;
// Ten times as fast, and still exact to 1e-12 for all but the noncentral t, whose series cancel.
using Policy = policies::normalise<InLongDouble, policies::promote_double<false>>::type;

template <class Work>
double contained(Work work) noexcept {
  try {
    return static_cast<double>(work());
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

using Normal = math::normal_distribution<double, Policy>;
using StudentT = math::students_t_distribution<double, Policy>;
using FisherF = math::fisher_f_distribution<double, Policy>;
using ChiSquared = math::chi_squared_distribution<double, Policy>;
using Beta = math::beta_distribution<double, Policy>;
using NoncentralT = math::non_central_t_distribution<double, InLongDouble>;

}  // namespace

double cd_normal_upper_quantile(double upper) {
  return contained([=] { return math::quantile(math::complement(Normal(), upper)); });
}

double cd_student_t_upper(double t, double degrees) {
  return contained([=] { return math::cdf(math::complement(StudentT(degrees), t)); });
}

double cd_student_t_upper_quantile(double upper, double degrees) {
  return contained([=] { return math::quantile(math::complement(StudentT(degrees), upper)); });
}

double cd_student_t_density(double t, double degrees) {
  return contained([=] { return math::pdf(StudentT(degrees), t); });
}

double cd_f_upper(double f, double numerator, double denominator) {
  return contained([=] { return math::cdf(math::complement(FisherF(numerator, denominator), f)); });
}

double cd_f_upper_quantile(double upper, double numerator, double denominator) {
  return contained([=] { return math::quantile(math::complement(FisherF(numerator, denominator), upper)); });
}

double cd_chi_squared_lower(double x, double degrees) {
  return contained([=] { return math::cdf(ChiSquared(degrees), x); });
}

double cd_chi_squared_upper(double x, double degrees) {
  return contained([=] { return math::cdf(math::complement(ChiSquared(degrees), x)); });
}

double cd_chi_squared_upper_quantile(double upper, double degrees) {
  return contained([=] { return math::quantile(math::complement(ChiSquared(degrees), upper)); });
}

double cd_noncentral_t_upper(double t, double degrees, double noncentrality) {
  return contained([=] { return math::cdf(math::complement(NoncentralT(degrees, noncentrality), t)); });
}

double cd_noncentral_t_lower(double t, double degrees, double noncentrality) {
  return contained([=] { return math::cdf(NoncentralT(degrees, noncentrality), t); });
}

double cd_beta_lower(double x, double a, double b) {
  return contained([=] { return math::cdf(Beta(a, b), x); });
}

double cd_beta_upper(double x, double a, double b) {
  return contained([=] { return math::cdf(math::complement(Beta(a, b), x)); });
}

double cd_beta_upper_quantile(double upper, double a, double b) {
  return contained([=] { return math::quantile(math::complement(Beta(a, b), upper)); });
}

double cd_gamma_delta_ratio(double a, double delta) {
  return contained([=] { return math::tgamma_delta_ratio(a, delta, Policy()); });
}
