"""show.py AREA NAME: the end of a program and its diff"""
import json,sys,os,difflib
sys.argv, a = [sys.argv[0]], sys.argv
src=open(os.path.join(os.path.dirname(os.path.abspath(__file__)),'beh.py')).read().rsplit("main()",1)[0]
exec(src)
for c in json.load(open(f"{DIR}/{a[1]}.json"))["cases"]:
    if a[2] in c["name"]:
        L=c["lua"].splitlines()
        print("=====",c["name"],c.get("cut"),c.get("failed")); print("\n".join(x[:300] for x in L[-int(a[3]) if len(a)>3 else -25:]))
        w,g=run(c); print("\n".join([x for x in difflib.unified_diff(w,g,lineterm="",n=2)][2:40]))
        break
