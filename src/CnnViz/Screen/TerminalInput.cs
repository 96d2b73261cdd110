using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using CnnViz.Showing.Terminal;

namespace CnnViz.Screen;

/// <summary>
/// The terminal's input on Linux and macOS, without the console class: that switches the echo off only while it reads, and an answer that comes
/// between two looks would stand on the screen.
/// </summary>
internal static partial class TerminalInput
{
    private const int StandardInput = 0;
    private const int Now = 0;
    private const int AfterFlush = 2;
    private const short Readable = 1;

    // More than a termios has on any system; what is in it is left to the C library.
    private const int SettingsSize = 256;

    /// <summary>Writes a question and reads the answer.</summary>
    /// <param name="question">What is written.</param>
    /// <param name="write">Writes to the terminal.</param>
    /// <param name="patience">How long to wait for the answer.</param>
    /// <returns>What came; null where it was not the moment to ask: somebody has typed ahead, or another process has the terminal.</returns>
    public static string? Ask(string question, Action<string> write, TimeSpan patience)
    {
        // A process in the background that changes the terminal is stopped by the system.
        var settings = new byte[SettingsSize];
        if (GetForegroundGroup(StandardInput) != GetGroup() || GetSettings(StandardInput, settings) != 0)
        {
            return null;
        }

        byte[] raw = [.. settings];
        MakeRaw(raw);
        if (SetSettings(StandardInput, Now, raw) != 0)
        {
            return null;
        }

        string answer = string.Empty;
        try
        {
            if (IsReadable(TimeSpan.Zero))
            {
                return null;
            }

            write(question);
            answer = Read(patience);
            return answer;
        }
        finally
        {
            // What is left of half an answer is thrown away with the echo still off.
            SetSettings(StandardInput, answer.Length > 0 && !TerminalAnswer.IsWhole(answer) ? AfterFlush : Now, settings);
        }
    }

    private static string Read(TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        var text = new StringBuilder();
        var next = new byte[1];

        // Byte by byte: what comes after the answer is somebody's who types.
        while (patience - clock.Elapsed is var left && left > TimeSpan.Zero && IsReadable(left) && Read(StandardInput, next, 1) == 1)
        {
            text.Append((char)next[0]);
            if (next[0] == 'c' && TerminalAnswer.IsWhole(text.ToString()))
            {
                break;
            }
        }

        return text.ToString();
    }

    private static bool IsReadable(TimeSpan patience)
    {
        var poll = new PollEntry { File = StandardInput, Events = Readable };
        return Poll(ref poll, 1, (int)Math.Ceiling(patience.TotalMilliseconds)) == 1 && (poll.Returned & Readable) != 0;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetSettings(int file, [Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetSettings(int file, int when, byte[] settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int GetForegroundGroup(int file);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int GetGroup();

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, [Out] byte[] bytes, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
