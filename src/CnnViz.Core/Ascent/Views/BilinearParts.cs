using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Ascent;

/// <summary>What some pixels of a view take of the four pixels of a plane around each of them: where those are, and their parts.</summary>
internal unsafe struct BilinearParts
{
    /// <summary>Number of the view's pixels.</summary>
    public const int Count = 8;

    public fixed int TopLeft[Count];
    public fixed int TopRight[Count];
    public fixed int BottomLeft[Count];
    public fixed int BottomRight[Count];
    public fixed float OfTopLeft[Count];
    public fixed float OfTopRight[Count];
    public fixed float OfBottomLeft[Count];
    public fixed float OfBottomRight[Count];

    /// <summary>What stands in for pixels that are not there.</summary>
    public fixed float Missing[Count];

    // What lies beyond a grey edge.
    private const float Grey = 0.5f;

    /// <summary>Whether all the pixels around are there, and next to one another.</summary>
    public bool IsInner { get; private set; }

    /// <summary>Finds the pixels around.</summary>
    /// <param name="parts">What to fill.</param>
    /// <param name="across">Places from left to right, in pixels.</param>
    /// <param name="down">Places from top to bottom, in pixels.</param>
    /// <param name="columns">The plane's axis from left to right.</param>
    /// <param name="rows">The plane's axis from top to bottom.</param>
    /// <param name="width">Width of the plane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Find(
        BilinearParts* parts, Vector256<float> across, Vector256<float> down, SampledAxis columns, SampledAxis rows, int width)
    {
        parts->IsInner = columns.Holds(across) && rows.Holds(down);
        if (parts->IsInner)
        {
            FindInner(parts, across, down, width);
        }
        else
        {
            FindAtEdge(parts, across, down, columns, rows, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FindInner(BilinearParts* parts, Vector256<float> across, Vector256<float> down, int width)
    {
        Vector256<float> left = Vector256.Floor(across);
        Vector256<float> top = Vector256.Floor(down);
        Vector256<int> topLeft = Vector256.ConvertToInt32(top) * width + Vector256.ConvertToInt32(left);
        topLeft.Store(parts->TopLeft);
        (topLeft + Vector256<int>.One).Store(parts->TopRight);
        Vector256<int> bottomLeft = topLeft + Vector256.Create(width);
        bottomLeft.Store(parts->BottomLeft);
        (bottomLeft + Vector256<int>.One).Store(parts->BottomRight);

        Vector256<float> ofRight = across - left;
        Vector256<float> ofBottom = down - top;
        Vector256<float> ofLeft = Vector256<float>.One - ofRight;
        Vector256<float> ofTop = Vector256<float>.One - ofBottom;
        Vector256<float> ofTopLeft = ofTop * ofLeft;
        Vector256<float> ofTopRight = ofTop * ofRight;
        Vector256<float> ofBottomLeft = ofBottom * ofLeft;
        Vector256<float> ofBottomRight = ofBottom * ofRight;
        ofTopLeft.Store(parts->OfTopLeft);
        ofTopRight.Store(parts->OfTopRight);
        ofBottomLeft.Store(parts->OfBottomLeft);
        ofBottomRight.Store(parts->OfBottomRight);
        Vector256<float> missing = Vector256<float>.One - ofTopLeft - ofTopRight - ofBottomLeft - ofBottomRight;
        (missing * Grey).Store(parts->Missing);
    }

    // The same operations one by one, so that a pixel's value does not depend on its neighbours.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FindAtEdge(
        BilinearParts* parts, Vector256<float> across, Vector256<float> down, SampledAxis columns, SampledAxis rows, int width)
    {
        for (int i = 0; i < Count; i++)
        {
            (int left, int right, float ofLeft, float ofRight) = columns.Around(across[i]);
            (int top, int bottom, float ofTop, float ofBottom) = rows.Around(down[i]);
            parts->TopLeft[i] = top * width + left;
            parts->TopRight[i] = top * width + right;
            parts->BottomLeft[i] = bottom * width + left;
            parts->BottomRight[i] = bottom * width + right;
            float ofTopLeft = parts->OfTopLeft[i] = ofTop * ofLeft;
            float ofTopRight = parts->OfTopRight[i] = ofTop * ofRight;
            float ofBottomLeft = parts->OfBottomLeft[i] = ofBottom * ofLeft;
            float ofBottomRight = parts->OfBottomRight[i] = ofBottom * ofRight;
            parts->Missing[i] = (1 - ofTopLeft - ofTopRight - ofBottomLeft - ofBottomRight) * Grey;
        }
    }
}
