/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value of a Kaiser window, for windows and for filter design. */
#ifndef EMGP_WINDOW_H
#define EMGP_WINDOW_H

/* I0(beta sqrt(1 - u^2)) / I0(beta), u from -1 to 1 over the window's length. */
double emgp_window_kaiser(double beta, double u);

#endif
