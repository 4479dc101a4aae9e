"""Fourier transforms. The functions are in autograd.fft; stft and istft in autograd."""
