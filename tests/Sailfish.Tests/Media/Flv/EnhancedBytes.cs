using System.Text;

namespace Sailfish.Tests.Media.Flv;

/// <summary>Bodies of E-RTMP.</summary>
internal static class EnhancedBytes
{
    /// <summary><c>flags and packet type | FourCC | data</c>.</summary>
    public static byte[] Of(byte first, string name, params byte[] data) => [first, .. Encoding.ASCII.GetBytes(name), .. data];
}
