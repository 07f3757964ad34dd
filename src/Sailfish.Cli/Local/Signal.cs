using System.Runtime.InteropServices;

namespace Sailfish.Cli.Local;

/// <summary>What processes are told, by the numbers that all Linux systems have.</summary>
internal static class Signal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>A process that is gone is told nothing.</summary>
    public static void Send(int process, int signal) => _ = SendTo(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendTo(int process, int signal);
}
