using System.Runtime.InteropServices;

namespace CnnViz.Shell;

/// <summary>Turns Ctrl+C and a request to terminate into the stop of the pipeline.</summary>
internal sealed class InterruptHandler : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private volatile int _signal;

    /// <param name="stop">Stops the pipeline; called once for each signal.</param>
    public InterruptHandler(Action stop)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, 2, stop)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, 15, stop)),
        ];
    }

    /// <summary>128 and the number of the signal that came, as shells report it; null if none did.</summary>
    public int? ExitCode => _signal == 0 ? null : 128 + _signal;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Handle(PosixSignalContext context, int signal, Action stop)
    {
        context.Cancel = true;
        _signal = signal;
        stop();
    }
}
