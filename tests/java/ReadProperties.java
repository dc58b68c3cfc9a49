import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeSet;

/**
 * Prints what java.util.Properties reads from each file named on standard input: a line "file", then a line "KEY VALUE" for every key
 * (sorted), both base64 of UTF-16BE, so that no encoding in between can change a character. One JVM for all, since its start is what costs.
 */
public class ReadProperties {
    public static void main(String[] args) throws Exception {
        Base64.Encoder base64 = Base64.getEncoder();
        StringBuilder out = new StringBuilder();
        for (String path : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
            Properties properties = new Properties();
            try (InputStream in = new FileInputStream(path)) {
                properties.load(in);
            }
            out.append("file\n");
            for (String key : new TreeSet<>(properties.stringPropertyNames())) {
                out.append('=').append(base64.encodeToString(key.getBytes(StandardCharsets.UTF_16BE)));
                out.append(' ').append('=').append(base64.encodeToString(properties.getProperty(key).getBytes(StandardCharsets.UTF_16BE)));
                out.append('\n');
            }
        }
        System.out.print(out);
    }
}
