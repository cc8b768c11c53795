// Tails and quantiles of the distributions behind tests and intervals, from Boost.Math.
//
// Every function is pure, may be called from any thread, and lets no C++ exception out: where Boost.Math refuses its
// arguments (an impossible probability, no degrees of freedom) or its series do not converge, the result is NaN.
//
// "Upper" is P(X > x), computed as such and not as 1 - P(X <= x), so that a far tail keeps its digits.
#ifndef C_DISTRIBUTIONS_H
#define C_DISTRIBUTIONS_H

#ifdef __cplusplus
extern "C" {
#endif

// Standard normal. The tail itself is erfc of the C library; the quantile x has P(X > x) = upper.
double cd_normal_upper_quantile(double upper);

double cd_student_t_upper(double t, double degrees_of_freedom);
double cd_student_t_upper_quantile(double upper, double degrees_of_freedom);
double cd_student_t_density(double t, double degrees_of_freedom);

double cd_f_upper(double f, double numerator_degrees, double denominator_degrees);
double cd_f_upper_quantile(double upper, double numerator_degrees, double denominator_degrees);

double cd_chi_squared_lower(double x, double degrees_of_freedom);
double cd_chi_squared_upper(double x, double degrees_of_freedom);
double cd_chi_squared_upper_quantile(double upper, double degrees_of_freedom);

// The lower tail is the regularized incomplete beta function I_x(a, b).
double cd_beta_lower(double x, double a, double b);
double cd_beta_upper(double x, double a, double b);
double cd_beta_upper_quantile(double upper, double a, double b);

double cd_noncentral_t_upper(double t, double degrees_of_freedom, double noncentrality);
double cd_noncentral_t_lower(double t, double degrees_of_freedom, double noncentrality);

// gamma(a) / gamma(a + delta), without the overflow of either.
double cd_gamma_delta_ratio(double a, double delta);

#ifdef __cplusplus
}
#endif

#endif
