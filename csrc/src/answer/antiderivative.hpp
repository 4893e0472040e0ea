// Antiderivatives and definite integrals of what has an elementary one by simple rules.
#pragma once

#include "answer/reading.hpp"

namespace pyverify::answer {

// An antiderivative by a variable, appended nodes: its derivative is proven to be the integrand.
// kNoNode when no rule gives one.
expr::NodeId antiderivative(Reading& reading, expr::NodeId integrand, expr::NodeId variable,
                            const Options& options, support::Budget& budget);

// F(upper) - F(lower), appended nodes; kNoNode when there is no antiderivative here, or when it
// isn't certain that there is no pole, edge or jump from end to end.
expr::NodeId definite_integral(Reading& reading, expr::NodeId variable, expr::NodeId lower,
                               expr::NodeId upper, expr::NodeId integrand, const Options& options,
                               support::Budget& budget);

}  // namespace pyverify::answer
