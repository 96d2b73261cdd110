namespace CnnViz.Ascent;

/// <summary>How an ascent ended.</summary>
/// <remarks>Like the other enumerations of a picture's facts it is of long: ConvertTo-Json writes those by name, shorter ones as numbers.</remarks>
public enum AscentStatus : long
{
    /// <summary>All steps were taken.</summary>
    StepLimit,

    /// <summary>
    /// The activation had settled, to the tolerance that was asked for, or the gradient vanished on the way: nothing more can be gained.
    /// </summary>
    Converged,

    /// <summary>The gradient was zero from the start: the picture is no answer, only the noise that it began with.</summary>
    Dead,

    /// <summary>
    /// All steps were taken, but none raised the activation (or lowered it, where that was wanted): the picture is no answer.
    /// </summary>
    NotRaised,

    /// <summary>The activation or its gradient became infinite or not a number: the picture is of no use.</summary>
    Diverged,
}
